import torch

from torchbook.course.grading.cases import case

PROCESSOR_SECONDS = 8.0  # the first use of torch.func, a right answer, imports for two seconds


def square(x):
    return x**2


def line(x):
    return 3 * x + 1


@case("squares", function=square)
@case("sine", function=torch.sin)
@case("a straight line", function=line)
def curve(answer, draw, function):
    x = draw.normal("points")
    return answer.slopes(function, x)


@case("a single point without dimensions", shape="", dtype=torch.float32)
@case("a table of points", shape="rows columns", dtype=torch.float32)
@case("double precision", shape="points", dtype=torch.float64, rtol=1e-9)
def shaped(answer, draw, shape, dtype):
    x = draw.normal(shape, dtype=dtype)
    return answer.slopes(torch.exp, x)


@case("points that have a gradient already keep it")
def busy(answer, draw):
    x = draw.normal("points", requires_grad=True)
    (5 * x).sum().backward()
    slopes = answer.slopes(torch.sin, x)
    return {"slopes": slopes, "x.grad": x.grad}


@case("two calls with the same points")
def twice(answer, draw):
    x = draw.normal("points")
    first = answer.slopes(torch.sin, x).clone()
    second = answer.slopes(torch.exp, x)
    return {"first": first, "second": second}
