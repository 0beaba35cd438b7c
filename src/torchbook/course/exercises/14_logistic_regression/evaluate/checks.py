import torch
from torch import nn

from torchbook.course.grading.cases import case


class Noisy(nn.Module):
    """A linear layer that does without its first input while training, as dropout might."""

    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, inputs):
        self.graph = torch.is_grad_enabled()
        if self.training:
            inputs = torch.cat([torch.zeros_like(inputs[:, :1]), 2 * inputs[:, 1:]], dim=1)
        return inputs @ self.weight.T


def named(result):
    """The two numbers by name, or what came in their place."""
    is_pair = isinstance(result, tuple | list) and len(result) == 2
    return dict(zip(("loss", "accuracy"), result)) if is_pair else {"loss, accuracy": result}


def batches_of(draw, lengths):
    classes = draw.size("classes")
    return [(draw.normal(f"{n} inputs"), draw.integers(f"{n}", 0, classes)) for n in lengths]


@case("one batch", lengths=[6])
@case("two batches of one length", lengths=[5, 5])
@case("a short last batch", lengths=[6, 6, 1], repeat=3)
@case("large scores", lengths=[4, 1], std=200.0)
@case("as many examples as classes", lengths=[4, 4, 1], classes=4)
def numbers(answer, draw, lengths, std=1.0):
    model = nn.Linear(draw.size("inputs"), draw.size("classes"), bias=False)
    model.weight = nn.Parameter(draw.normal("classes inputs", std=std))
    return named(answer.evaluate(model, batches_of(draw, lengths)))


@case("a model with dropout, in training mode before")
def at_rest(answer, draw):
    model = Noisy(draw.normal("classes inputs"))
    return named(answer.evaluate(model, batches_of(draw, [5, 5])))


@case("a model that was in training mode before", training=True)
@case("a model that was in evaluation mode before", training=False)
def mode(answer, draw, training):
    model = Noisy(draw.normal("classes inputs")).train(training)
    answer.evaluate(model, batches_of(draw, [4, 2]))
    return {"model.training afterwards": model.training}


@case("no graph is recorded")
def graph(answer, draw):
    model = Noisy(draw.normal("classes inputs"))
    answer.evaluate(model, batches_of(draw, [4, 2]))
    return {"autograd recorded a graph": model.graph, "autograd is on afterwards": torch.is_grad_enabled()}
