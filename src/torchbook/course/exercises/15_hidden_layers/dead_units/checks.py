from itertools import pairwise

import torch
from torch import nn

from torchbook.course.grading.cases import case


def network(draw, widths, *, between=nn.ReLU):
    """Linear layers with drawn weights; ReLU follows the first and the last hidden one, `between` the others."""
    parts, last = [], len(widths) - 2
    for number, (before, after) in enumerate(pairwise(widths)):
        layer = nn.Linear(before, after)
        with torch.no_grad():
            layer.weight.copy_(draw.normal(f"{after} {before}"))
            layer.bias.copy_(draw.normal(f"{after}"))
        parts.append(layer)
        if number < last:
            parts.append(nn.ReLU() if number in (0, last - 1) else between())
    return nn.Sequential(*parts)


@torch.no_grad()
def arranged(layer, x):
    """Makes unit 0 dead, 1 on for one example, 2 exactly 0, 3 on for every example and 4 a very little for one."""
    sums = x @ layer.weight.T
    layer.bias[0] = -sums[:, 0].max() - 0.5
    layer.bias[1] = -sums[:, 1].topk(2).values.mean() if len(x) > 1 else 1.0
    layer.weight[2], layer.bias[2] = 0.0, 0.0
    layer.bias[3] = 0.5 - sums[:, 3].min()
    layer.bias[4] = 1e-4 - sums[:, 4].max()
    return layer


@case("one hidden layer", repeat=3)
@case("one hidden layer, as many examples as units", batch=7)
@case("a batch of one", batch=1)
def one_layer(answer, draw):
    x = draw.normal("batch features")
    model = network(draw, (x.shape[1], 7, 2))
    arranged(model[0], x)
    return answer.dead_units(model, x)


@case("two hidden layers", repeat=3)
def two_layers(answer, draw):
    x = draw.normal("batch features")
    model = network(draw, (x.shape[1], 8, 7, 2))
    arranged(model[0], x)
    arranged(model[2], model[:2](x))
    return answer.dead_units(model, x)


@case("a second hidden layer that is dead altogether")
def dead_end(answer, draw):
    x = draw.normal("batch features")
    model = network(draw, (x.shape[1], 8, 7, 2))
    arranged(model[0], x)
    with torch.no_grad():
        model[2].bias -= 1000.0
    return answer.dead_units(model, x)


@case("two hidden layers of the size of the inputs")
@case("a batch of one, and all layers of the size of the inputs", batch=1)
def square(answer, draw):
    x = draw.normal("batch 5")
    model = network(draw, (5, 5, 5, 5))
    arranged(model[0], x)
    arranged(model[2], model[:2](x))
    return answer.dead_units(model, x)


@case("a tanh between two ReLUs")
def with_tanh(answer, draw):
    x = draw.normal("batch features")
    model = network(draw, (x.shape[1], 7, 4, 6, 2), between=nn.Tanh)
    arranged(model[0], x)
    arranged(model[4], model[:4](x))
    return answer.dead_units(model, x)


@case("the model stays as it is")
def model_after(answer, draw):
    x = draw.normal("batch features")
    model = network(draw, (x.shape[1], 4, 2))
    answer.dead_units(model, x)
    return {
        "weights": model[0].weight,
        "bias": model[0].bias,
        "gradient": model[0].weight.grad,
        "in training mode": model.training,
    }
