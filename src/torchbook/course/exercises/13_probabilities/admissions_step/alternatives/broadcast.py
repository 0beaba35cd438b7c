import torch


def admissions_step(inputs, labels, weights, bias, learning_rate):
    p = torch.sigmoid((inputs * weights).sum(dim=1) + bias)
    pull = (labels - p).unsqueeze(1)
    return weights + learning_rate * (pull * inputs).mean(dim=0), bias + learning_rate * pull.mean()
