import torch
from torch import nn


def init_report(model, inputs, labels):
    sums, handles = {}, []
    layers = [part for part in model.modules() if isinstance(part, nn.Linear)]
    for layer in layers:
        handles.append(layer.register_forward_hook(lambda module, given, result: sums.__setitem__(module, result)))
    loss = nn.functional.cross_entropy(model(inputs), labels)
    for handle in handles:
        handle.remove()
    gradients = torch.autograd.grad(loss, [layer.weight for layer in layers])
    report = []
    for layer, gradient in zip(layers, gradients):
        report.append((sums[layer].std(0).mean().item(), gradient.abs().mean().item()))
    return report
