import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("Adam", "AdamW", "NAdam", "RAdam", "Adamax")


def weights(draw, *shapes, dtype=torch.float32):
    return [draw.normal(shape, dtype=dtype).requires_grad_() for shape in shapes]


def trained(answer, parameters, gradients, rate=0.1, **options):
    """The parameters after a step with each list of gradients."""
    optimizer = answer.Adam(parameters, rate, **options)
    for step in gradients:
        for parameter, gradient in zip(parameters, step):
            parameter.grad = gradient.clone() if gradient is not None else None
        optimizer.step()
    return parameters


def drawn(draw, parameters, steps, std=1.0):
    shapes = [" ".join(map(str, parameter.shape)) for parameter in parameters]
    return [
        [draw.normal(shape, std=std, dtype=parameter.dtype) for shape, parameter in zip(shapes, parameters)]
        for _ in range(steps)
    ]


@case("one step", steps=1)
@case("two steps", steps=2)
@case("20 steps", steps=20, repeat=2)
@case("20 steps in double precision", steps=20, dtype=torch.float64)
@case("tiny gradients", steps=5, std=1e-7)
@case("huge gradients", steps=5, std=1e4)
@case("another learning rate", steps=5, rate=0.003)
@case("other betas", steps=5, betas=(0.5, 0.9))
@case("a large epsilon", steps=5, eps=0.5)
def one_parameter(answer, draw, steps, dtype=torch.float32, std=1.0, rate=0.1, betas=(0.9, 0.999), eps=1e-8):
    parameters = weights(draw, "weights", dtype=dtype)
    return {"weights": trained(answer, parameters, drawn(draw, parameters, steps, std), rate, betas=betas, eps=eps)[0]}


@case("the usual betas and epsilon, gradients as small as epsilon")
def usual(answer, draw):
    parameters = weights(draw, "weights", dtype=torch.float64)
    return {"weights": trained(answer, parameters, drawn(draw, parameters, 3, 1e-8))[0]}


@case("a weight with the gradient 0")
def flat(answer, draw):
    parameters = weights(draw, "3")
    gradients = [[torch.zeros(3)], [torch.zeros(3)]]
    return {"weights": trained(answer, parameters, gradients)[0]}


@case("two parameters of one shape", shapes=("3", "3"))
@case("parameters of three shapes", shapes=("2 3", "3", ""))
def several(answer, draw, shapes):
    parameters = weights(draw, *shapes)
    trained(answer, parameters, drawn(draw, parameters, 6))
    return {f"parameter {number}": parameter for number, parameter in enumerate(parameters, 1)}


@case("two optimizers at once")
def apart(answer, draw):
    first, second = weights(draw, "3", "3")
    steps = drawn(draw, [first, second], 4)
    left, right = answer.Adam([first], 0.1), answer.Adam([second], 0.1)
    for one, other in steps:
        first.grad, second.grad = one, other
        left.step()
        right.step()
    return {"first": first, "second": second}


@case("weight decay, one step", steps=1)
@case("weight decay, 20 steps", steps=20)
@case("weight decay with another rate", steps=3, rate=0.01)
def decay(answer, draw, steps, rate=0.1):
    parameters = weights(draw, "weights")
    return {"weights": trained(answer, parameters, drawn(draw, parameters, steps), rate, weight_decay=0.5)[0]}


@case("a parameter without a gradient")
def left_alone(answer, draw):
    frozen, moving = weights(draw, "3", "3")
    gradients = [[None, step[0]] for step in drawn(draw, [moving], 3)]
    trained(answer, [frozen, moving], gradients, weight_decay=0.5)
    return {"without a gradient": frozen, "with one": moving}


@case("the gradients stay as they are")
def gradients_stay(answer, draw):
    (parameter,) = weights(draw, "weights")
    trained(answer, [parameter], drawn(draw, [parameter], 2), weight_decay=0.5)
    return {"weights": parameter, "gradient": parameter.grad}
