import torch


def weighted_loss(model, inputs, labels, weights):
    device = next(iter(model.parameters())).device
    with device:
        each = torch.tensor(weights)[labels.to(device)]
        logs = torch.log_softmax(model(inputs.to(device)), dim=1)
        right = logs.gather(1, labels.to(device)[:, None])[:, 0]
        return -(each * right).sum() / each.sum()
