from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import nn

from torchbook.course.grading.cases import case

torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimizer of a process imports for longer than an answer may take


def network(draw, sizes, between):
    """Linear layers with drawn weights, not too small, and an activation between them."""
    parts = [nn.Flatten()]
    for before, after in pairwise(sizes):
        layer = nn.Linear(before, after)
        with torch.no_grad():
            layer.weight.copy_(draw.normal(f"{after} {before}"))
            layer.bias.copy_(draw.normal(f"{after}"))
        parts += [layer, between()]
    return nn.Sequential(*parts[:-1])


@case("one hidden layer", sizes=(6, 5, 3), repeat=2)
@case("three hidden layers", sizes=(6, 5, 4, 7, 3), repeat=2)
@case("three hidden layers with tanh", sizes=(6, 5, 4, 7, 3), between=nn.Tanh)
@case("layers of one size", sizes=(6, 6, 6, 6))
@case("no hidden layer", sizes=(6, 3))
@case("two examples", sizes=(6, 5, 3), batch=2)
def report(answer, draw, sizes, between=nn.ReLU):
    model = network(draw, sizes, between)
    x = draw.normal("batch 1 2 3")
    labels = draw.integers("batch", 0, 3)
    return {"init_report(model, inputs, labels)": answer.init_report(model, x, labels)}


@case("after an earlier backward()")
def twice(answer, draw):
    model = network(draw, (6, 5, 3), nn.ReLU)
    x, labels = draw.normal("batch 1 2 3"), draw.integers("batch", 0, 3)
    F.cross_entropy(model(2 * x), labels).backward()
    return {"init_report(model, inputs, labels)": answer.init_report(model, x, labels)}


@case("weights that are all zero")
def zeros(answer, draw):
    model = network(draw, (6, 5, 3), nn.ReLU)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    x, labels = draw.normal("batch 1 2 3"), draw.integers("batch", 0, 3)
    return {"init_report(model, inputs, labels)": answer.init_report(model, x, labels)}


@case("the model stays as it is")
def model_after(answer, draw):
    model = network(draw, (6, 5, 3), nn.ReLU)
    answer.init_report(model, draw.normal("batch 1 2 3"), draw.integers("batch", 0, 3))
    return {"weights": model[1].weight.detach().clone(), "in training mode": model.training}
