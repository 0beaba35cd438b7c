import torch
import torch.nn.functional as F
from torch import nn


def init_report(model, inputs, labels):
    for parameter in model.parameters():
        parameter.grad = None
    linear = [index for index, part in enumerate(model) if isinstance(part, nn.Linear)]
    F.nll_loss(F.log_softmax(model(inputs), dim=1), labels).backward()
    report = []
    with torch.no_grad():
        for index in linear:
            z = model[: index + 1](inputs)
            variance = ((z - z.mean(dim=0)) ** 2).sum(dim=0) / (len(z) - 1)
            gradient = model[index].weight.grad
            report.append((float(variance.sqrt().mean()), float(gradient.abs().sum() / gradient.numel())))
    return report
