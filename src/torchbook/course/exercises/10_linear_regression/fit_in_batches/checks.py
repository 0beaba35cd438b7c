import torch
from torch import nn

from torchbook.course.grading.cases import case


def linear(draw):
    """A linear model with drawn weights."""
    model = nn.Linear(draw.size("features"), draw.size("targets"))
    with torch.no_grad():
        model.weight.copy_(draw.normal("targets features"))
        model.bias.copy_(draw.normal("targets"))
    return model


def pairs(draw, *samples):
    """Batches of so many samples each."""
    return [(draw.normal(f"{n} features"), draw.normal(f"{n} targets", mean=1.0)) for n in samples]


@case("evaluating one batch", samples=(4,))
@case("evaluating batches of one length", samples=(3, 3))
@case("evaluating with a short last batch", samples=(4, 4, 1), repeat=2)
@case("evaluating for one target", samples=(3, 2), targets=1)
def evaluation(answer, draw, samples):
    batches = pairs(draw, *samples)
    return answer.evaluate(linear(draw), batches)


@case("evaluating builds no graph and changes nothing")
def looking(answer, draw):
    model = linear(draw)
    recorded = []
    model.register_forward_hook(lambda module, inputs, output: recorded.append(output.requires_grad))
    loss = answer.evaluate(model, pairs(draw, 3, 2))
    return {"loss": loss, "a graph was built": any(recorded), "weight": model.weight, "gradient": model.weight.grad}


@case("fitting: one epoch of one batch", samples=(4,), epochs=1)
@case("fitting: one epoch of two batches", samples=(3, 3), epochs=1)
@case("fitting: three epochs of one batch", samples=(4,), epochs=3)
@case("fitting: three epochs with a short last batch", samples=(4, 4, 1), epochs=3)
@case("fitting: a small learning rate", samples=(3, 2), epochs=2, learning_rate=0.001)
@case("fitting: no epoch at all", samples=(3,), epochs=0)
@case("fitting: two batches to validate with", samples=(3, 2), epochs=2, held_out=(3, 1))
def fitting(answer, draw, samples, epochs, learning_rate=0.1, held_out=(4,)):
    model = linear(draw)
    batches = pairs(draw, *samples)
    validation = pairs(draw, *held_out)
    losses = answer.fit(model, batches, validation, learning_rate, epochs)
    return {"losses": losses, "weight": model.weight, "bias": model.bias}


@case("fitting a network with a hidden layer")
def network(answer, draw):
    model = nn.Sequential(linear(draw), nn.Tanh(), nn.Linear(draw.size("targets"), 1))
    with torch.no_grad():
        model[2].weight.copy_(draw.normal("1 targets"))
        model[2].bias.fill_(0.5)
    x = draw.normal("6 features")
    losses = answer.fit(model, [(x[:4], x[:4, :1]), (x[4:], x[4:, :1])], [(x, x[:, :1])], 0.1, 2)
    return {"losses": losses, "first weight": model[0].weight, "last weight": model[2].weight}
