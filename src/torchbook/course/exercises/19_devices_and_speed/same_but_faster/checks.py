import weakref

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from torchbook.course.grading.cases import case

FORBIDDEN = ("tolist", "numpy")


class Waits(TorchDispatchMode):
    """Counts how often Python asks for the number in a tensor."""

    count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += function.overloadpacket is torch.ops.aten._local_scalar_dense
        return function(*args, **(kwargs or {}))


class Mark(torch.autograd.Function):
    """Passes numbers on; what it leaves in a graph lives as long as that graph."""

    @staticmethod
    def forward(context, numbers, marks):
        marks.append(weakref.ref(context))
        return numbers.view_as(numbers)

    @staticmethod
    def backward(context, slopes):
        return slopes, None


class Marked(nn.Module):
    """A layer that knows how many of its graphs are still there when it is called."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.marks, self.most = [], 0

    def forward(self, inputs):
        self.most = max(self.most, sum(mark() is not None for mark in self.marks))
        return Mark.apply(self.layer(inputs), self.marks)


def network(draw, features=5, classes=3):
    layer = nn.Linear(features, classes)
    with torch.no_grad():
        layer.weight.copy_(draw.normal(f"{classes} {features}"))
        layer.bias.copy_(draw.normal(f"{classes}"))
    return layer


def dealt(draw, sizes):
    return [(draw.normal(f"{size} 5"), draw.integers(f"{size}", 0, 3)) for size in sizes]


@case("an epoch of equal batches", sizes=(4, 4, 4), repeat=2)
@case("an epoch with a short last batch", sizes=(8, 8, 2), repeat=2)
@case("batches of quite different sizes", sizes=(1, 9, 3, 5))
@case("a single batch", sizes=(6,))
@case("batches of one", sizes=(1, 1, 1))
def epochs(answer, draw, sizes):
    model = network(draw)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    mean = answer.fast_epoch(model, optimizer, iter(dealt(draw, sizes)))
    return {"mean loss": mean, "weights": model.weight, "bias": model.bias}


@case("with momentum, and gradients from before")
def momentum(answer, draw):
    model = network(draw)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    model.weight.grad, model.bias.grad = torch.ones(3, 5), torch.ones(3)
    mean = answer.fast_epoch(model, optimizer, iter(dealt(draw, (4, 4, 2))))
    return {"mean loss": mean, "weights": model.weight}


@case("how often Python waits for the device", sizes=(4, 4, 4, 4, 2))
@case("how often it waits in a longer epoch", sizes=(2,) * 12)
def waits(answer, draw, sizes):
    model = network(draw)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    batches = iter(dealt(draw, sizes))
    with Waits() as counter:
        answer.fast_epoch(model, optimizer, batches)
    return {"waits in an epoch": counter.count}


@case("graphs of earlier steps that are kept", sizes=(4, 4, 4, 4, 2))
def graphs(answer, draw, sizes):
    model = Marked(network(draw))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    answer.fast_epoch(model, optimizer, iter(dealt(draw, sizes)))
    # The loss of the step before may still have its name.
    return {"graphs of earlier steps kept": max(0, model.most - 1)}
