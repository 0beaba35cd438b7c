import torch

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("softmax",)
REFERENCE = {"softmax": lambda logits: torch.softmax(logits, dim=1)}


@case("random scores", repeat=4)
@case("a batch of one", batch=1)
@case("as many rows as classes", batch=4, classes=4)
@case("double precision", dtype=torch.float64)
@case("large scores do not overflow", std=1000.0)
@case("very negative scores do not vanish", mean=-1000.0)
def scores(answer, draw, mean=0.0, std=2.0, dtype=torch.float32):
    return answer.softmax(draw.normal("batch classes", mean=mean, std=std, dtype=dtype))


@case("gradients flow through it")
def flow(answer, draw):
    logits = draw.normal("batch classes", requires_grad=True)
    probabilities = answer.softmax(logits)
    return {"probabilities": probabilities, "gradient": gradients(probabilities, logits)}
