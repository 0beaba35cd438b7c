import torch
from torch import nn

from torchbook.course.grading.cases import case


def linear_layers(model):
    return [part for part in model if isinstance(part, nn.Linear)]


@case("the parts without a hidden layer", depth=0)
@case("the parts with one hidden layer", depth=1)
@case("the parts with three hidden layers", depth=3)
def parts(answer, draw, depth):
    model = answer.mlp_of_depth(12, 7, depth, 5)
    texts = [
        f"Linear({p.in_features}, {p.out_features})" if isinstance(p, nn.Linear) else type(p).__name__ for p in model
    ]
    return {
        "the kind of model": type(model).__name__,
        "the parts": ", ".join(texts),
        "shapes of the parameters": ", ".join(str(list(each.shape)) for each in model.parameters()),
    }


@case("the scores without a hidden layer", depth=0)
@case("the scores of one hidden layer", depth=1)
@case("the scores of four hidden layers", depth=4)
@case("a batch of one", depth=2, batch=1)
def scores(answer, draw, depth):
    model = answer.mlp_of_depth(12, 7, depth, 5)
    speed = draw.number(1.0, 3.0)
    with torch.no_grad():
        for i, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.cos(i + speed * torch.arange(parameter.numel())).reshape(parameter.shape))
    return {"model(x)": model(draw.normal("batch 1 3 4")).detach()}


@case("the first weights of three hidden layers", depth=3, rtol=0.0, atol=0.06)
@case("the first weights without a hidden layer", depth=0, rtol=0.0, atol=0.06)
def first_weights(answer, draw, depth):
    model = answer.mlp_of_depth(300, 120, depth, 80)
    layers = linear_layers(model)
    size = [layer.weight.std().item() * (layer.in_features / 2) ** 0.5 for layer in layers]
    shift = [layer.weight.mean().item() * (layer.in_features / 2) ** 0.5 for layer in layers]
    return {
        "std of each layer's weights, divided by the root of 2 / n": torch.tensor(size),
        "mean of each layer's weights, divided by the root of 2 / n": torch.tensor(shift),
    }


@case("the first biases")
def biases(answer, draw):
    layers = linear_layers(answer.mlp_of_depth(12, 7, 2, 5))
    return {"largest bias of each layer": torch.tensor([layer.bias.abs().max().item() for layer in layers])}


@case("no two layers begin with the same weights")
def different(answer, draw):
    layers = linear_layers(answer.mlp_of_depth(7, 7, 3, 7))
    return {"all different": not any(torch.equal(a.weight, b.weight) for a in layers for b in layers if a is not b)}
