"""You measured the rise over a small step. In 32 bits, that is right to three digits or so; autograd is exact. Use
`backward`."""

import torch


def slopes(function, x):
    step = 1e-3
    with torch.no_grad():
        return (function(x + step) - function(x - step)) / (2 * step)
