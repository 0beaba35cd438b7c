import torch

from torchbook.course.grading.cases import case


@case("random points", repeat=5)
@case("one feature", features=1)
@case("many features", features=9)
@case("a label of 1", label=1)
@case("a label of 0", label=0)
@case("another rate", rate=2.0)
@case("double precision", dtype=torch.float64)
def step(answer, draw, label=None, rate=0.25, dtype=torch.float32):
    x, weights, bias = (draw.normal(shape, dtype=dtype) for shape in ("features", "features", ""))
    label = draw.integer(0, 2) if label is None else label
    return {"weights and bias": answer.perceptron_step(x, label, weights, bias, rate)}


@case("answered 0, should be 1", label=1, side=-1.0)
@case("answered 1, should be 0", label=0, side=1.0)
@case("answered 1, and right", label=1, side=1.0)
@case("answered 0, and right", label=0, side=-1.0)
@case("on the line, should be 1", label=1, side=0.0)
@case("on the line, should be 0", label=0, side=0.0)
def given(answer, draw, label, side):
    x = draw.integers("features", 1, 5).float()
    weights = torch.zeros_like(x)
    return {"weights and bias": answer.perceptron_step(x, label, weights, torch.tensor(side), 0.5)}


@case("the bias decides", label=1, bias=-6.0)
@case("the bias decides the other way", label=0, bias=6.0)
def by_the_bias(answer, draw, label, bias):
    x = draw.uniform("features")
    weights = torch.full_like(x, -0.25 if bias > 0 else 0.25)
    return {"weights and bias": answer.perceptron_step(x, label, weights, torch.tensor(bias), 0.5)}


@case("six looks, one after the other")
def looks(answer, draw):
    weights, bias = draw.normal("features"), draw.normal("")
    for number in range(6):
        weights, bias = answer.perceptron_step(draw.normal("features"), number % 2, weights, bias, 1.0)
    return {"weights": weights, "bias": bias}
