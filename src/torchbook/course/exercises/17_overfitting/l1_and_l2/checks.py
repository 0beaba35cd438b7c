from itertools import pairwise

import torch
from torch import nn

from torchbook.course.grading.cases import case, gradients


def network(draw, widths, dtype=torch.float32):
    """Linear layers with drawn weights and large biases."""
    layers = []
    for before, after in pairwise(widths):
        layer = nn.Linear(before, after).to(dtype)
        with torch.no_grad():
            layer.weight.copy_(draw.normal(f"{after} {before}", dtype=dtype))
            layer.bias.copy_(draw.normal(f"{after}", mean=3.0, dtype=dtype))
        layers += [layer, nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def priced(answer, model, l1, l2):
    """The price, its slopes, and the model afterwards."""
    price = answer.weight_price(model, l1, l2)
    written = any(each.grad is not None for each in model.parameters())
    seen = {"price": price, "gradients are written into the model": written}
    if isinstance(price, torch.Tensor) and price.requires_grad and price.ndim == 0:
        weights = [each for each in model.parameters() if each.ndim >= 2]
        seen |= {f"slope of weight {i}": each for i, each in enumerate(gradients(price, *weights), 1)}
    return seen | {"first bias afterwards": next(each for each in model.parameters() if each.ndim == 1).detach()}


@case("L1 and L2", l1=0.1, l2=0.02, repeat=2)
@case("only L1", l1=0.3, l2=0.0)
@case("only L2", l1=0.0, l2=0.3)
@case("large factors", l1=20.0, l2=7.0)
@case("double precision", l1=0.1, l2=0.02, dtype=torch.float64)
def two_layers(answer, draw, l1, l2, dtype=torch.float32):
    return priced(answer, network(draw, (4, 5, 2), dtype), l1, l2)


@case("one layer", widths=(3, 2))
@case("one layer, and a single weight", widths=(1, 1))
@case("three layers", widths=(3, 5, 4, 2))
def widths(answer, draw, widths):
    return priced(answer, network(draw, widths), 0.1, 0.02)


@case("no price at all")
def free(answer, draw):
    return priced(answer, network(draw, (4, 5, 2)), 0.0, 0.0)


@case("a convolution and a norm")
def convolution(answer, draw):
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 2))
    with torch.no_grad():
        for parameter in model.parameters():
            shape = " ".join(map(str, parameter.shape))
            parameter.copy_(draw.normal(shape, mean=0.5))
    return priced(answer, model, 0.05, 0.01)


@case("layers inside of others")
def nested(answer, draw):
    return priced(answer, nn.Sequential(network(draw, (3, 4))[0], nn.Sequential(network(draw, (4, 2)))), 0.1, 0.02)


class Table(nn.Module):
    """A layer, and a matrix of its own that is no layer's."""

    def __init__(self, layer, matrix):
        super().__init__()
        self.layer = layer
        self.matrix = nn.Parameter(matrix)


@case("a matrix that is in no layer")
def table(answer, draw):
    return priced(answer, Table(network(draw, (3, 2))[0], draw.normal("2 5")), 0.1, 0.02)


@case("weights of exactly 0")
def zeros(answer, draw):
    model = network(draw, (3, 2))
    with torch.no_grad():
        model[0].weight[0] = 0.0
    return priced(answer, model, 0.1, 0.02)
