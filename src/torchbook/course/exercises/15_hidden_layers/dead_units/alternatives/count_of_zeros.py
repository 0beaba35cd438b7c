import torch


def dead_units(model, inputs):
    result = []
    x = inputs
    for part in model:
        if type(part).__name__ == "ReLU":
            x = x.clamp(min=0)
            zeros = torch.tensor([(column == 0).sum().item() for column in x.T])
            result.append(zeros == len(inputs))
        else:
            x = part(x)
    return result
