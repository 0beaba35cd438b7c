import torch
from torch import nn


def dead_units(model, inputs):
    outputs = []
    hooks = [
        part.register_forward_hook(lambda _, __, out: outputs.append(out))
        for part in model
        if isinstance(part, nn.ReLU)
    ]
    with torch.no_grad():
        model(inputs)
    for hook in hooks:
        hook.remove()
    return [~(out > 0).any(dim=0) for out in outputs]
