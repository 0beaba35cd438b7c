import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("autograd",)


@case("random applicants", repeat=4)
@case("a single applicant", applicants=1)
@case("as many applicants as features", applicants=4, features=4)
@case("one feature", features=1)
@case("double precision", dtype=torch.float64)
@case("another learning rate", rate=3.0)
@case("scores so large that p is 0 or 1", std=60.0)
def step(answer, draw, rate=0.5, std=1.0, dtype=torch.float32):
    inputs = draw.normal("applicants features", std=std, dtype=dtype)
    labels = draw.integers("applicants", 0, 2).to(dtype)
    weights, bias = draw.normal("features", dtype=dtype), draw.normal("", dtype=dtype)
    new = answer.admissions_step(inputs, labels, weights, bias, rate)
    return {"weights and bias": new}


@case("three steps, one after the other")
def steps(answer, draw):
    inputs, labels = draw.normal("applicants features"), draw.integers("applicants", 0, 2).float()
    weights, bias = draw.normal("features"), draw.normal("")
    for _ in range(3):
        weights, bias = answer.admissions_step(inputs, labels, weights, bias, 1.0)
    return {"weights": weights, "bias": bias}
