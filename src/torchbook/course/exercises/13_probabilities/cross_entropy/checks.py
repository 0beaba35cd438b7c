import torch
import torch.nn.functional as F

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("cross_entropy",)
REFERENCE = {"cross_entropy": F.cross_entropy}


@case("random scores", repeat=3)
@case("a batch of one", batch=1)
@case("as many examples as classes", batch=4, classes=4)
@case("double precision", dtype=torch.float64)
@case("a sure and wrong answer costs much, not infinitely much", std=500.0)
def losses(answer, draw, std=2.0, dtype=torch.float32):
    logits = draw.normal("batch classes", std=std, dtype=dtype)
    return answer.cross_entropy(logits, draw.integers("batch", 0, draw.size("classes")))


@case("gradients flow through it")
def flow(answer, draw):
    logits = draw.normal("batch classes", requires_grad=True)
    loss = answer.cross_entropy(logits, draw.integers("batch", 0, draw.size("classes")))
    return {"loss": loss, "gradient": gradients(loss, logits)}
