import torch
from torch import nn

from torchbook.course.grading.cases import case

torch.optim.SGD([torch.zeros(1)], lr=1.0)  # the first optimizer of a process imports for longer than an answer may take


def linear(draw):
    """A linear model with drawn weights, in double precision, so that what explodes does so alike everywhere."""
    model = nn.Linear(draw.size("features"), draw.size("targets")).double()
    with torch.no_grad():
        model.weight.copy_(draw.normal("targets features", dtype=torch.float64))
        model.bias.copy_(draw.normal("targets", dtype=torch.float64))
    return model


def gradients(model):
    """Says in words what is left of the gradients, since `None` and zeros are different mistakes."""
    left = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    return "None" if not left else "zeros" if not any(map(torch.any, left)) else "left from the last step"


def observed(answer, draw, model, rates, y=None):
    x = draw.normal("6 features", dtype=torch.float64)
    y = draw.normal("6 targets", mean=2.0, dtype=torch.float64) if y is None else y
    losses = answer.find_rate(model, x, y, rates)
    values = {
        f"parameter {number} afterwards": parameter.detach().clone()
        for number, parameter in enumerate(model.parameters(), 1)
    }
    return {"losses": losses, **values, "gradients afterwards": gradients(model)}


@case("one rate", rates=(0.01,))
@case("two rates", rates=(0.01, 0.02))
@case("rates that stay small", rates=(0.001, 0.002, 0.004, 0.008), repeat=2)
@case("rates that explode", rates=(0.01, 0.1, 1.0, 10.0, 100.0, 1000.0, 1e4, 1e5), repeat=2)
@case("no rate at all", rates=())
def tested(answer, draw, rates):
    return observed(answer, draw, linear(draw), list(rates))


# The target is 0 and there is no bias, so each step multiplies the weight by 1 - 2 * rate.
@case("a loss that rises to 3.2 times the smallest, and goes on", rates=(0.25, 1.4, 1.4, 0.25, 1.4))
@case("a loss of exactly 4 times the smallest, which may go on", rates=(1.5, 0.25, 0.25))
@case("a loss of 4.5 times the smallest", rates=(1.56, 0.25, 0.25))
def one_weight(answer, draw, rates):
    model = nn.Linear(1, 1, bias=False).double()
    with torch.no_grad():
        model.weight.fill_(2.0 ** draw.integer(5, 8))
    losses = answer.find_rate(model, torch.ones(4, 1).double(), torch.zeros(4, 1).double(), list(rates))
    return {"losses": losses, "weight afterwards": model.weight.detach().clone()}


@case("a loss that is nan from the first step")
def not_a_number(answer, draw):
    return observed(
        answer, draw, linear(draw), [0.1, 0.2], torch.full((6, draw.size("targets")), torch.nan, dtype=torch.float64)
    )


@case("a network with a hidden layer")
def network(answer, draw):
    model = nn.Sequential(linear(draw), nn.Tanh(), nn.Linear(draw.size("targets"), draw.size("targets")).double())
    with torch.no_grad():
        model[2].weight.copy_(draw.normal("targets targets", dtype=torch.float64))
        model[2].bias.fill_(0.5)
    return observed(answer, draw, model, [0.01 * 2**power for power in range(16)])


@case("twice in a row gives the same")
def twice(answer, draw):
    model, x, y = (
        linear(draw),
        draw.normal("6 features", dtype=torch.float64),
        draw.normal("6 targets", dtype=torch.float64),
    )
    first = answer.find_rate(model, x, y, [0.01, 0.05, 0.1])
    return {"first": first, "second": answer.find_rate(model, x, y, [0.01, 0.05, 0.1])}
