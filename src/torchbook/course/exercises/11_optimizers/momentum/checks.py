import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("SGD", "Adam", "autograd")


@case("random numbers", repeat=3)
@case("the first step, from rest", resting=True)
@case("no momentum", momentum=0.0)
@case("nearly all of the velocity stays", momentum=0.99)
@case("another learning rate", rate=3.0)
@case("a matrix", shape="rows columns")
@case("a single number", shape="")
@case("double precision", dtype=torch.float64)
def step(answer, draw, shape="weights", rate=0.1, momentum=0.9, resting=False, dtype=torch.float32):
    weights, gradient = draw.normal(shape, dtype=dtype), draw.normal(shape, dtype=dtype)
    velocity = torch.zeros_like(weights) if resting else draw.normal(shape, dtype=dtype, std=3.0)
    new_weights, new_velocity = answer.momentum_step(weights, gradient, velocity, rate, momentum)
    return {"weights": new_weights, "velocity": new_velocity}


@case("five steps, one after the other")
def steps(answer, draw):
    weights, velocity = draw.normal("weights"), torch.zeros(draw.size("weights"))
    for _ in range(5):
        weights, velocity = answer.momentum_step(weights, 2 * weights, velocity, 0.1, 0.9)
    return {"weights": weights, "velocity": velocity}
