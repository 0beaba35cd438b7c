import torch
import torch.nn.functional as F

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("binary_cross_entropy", "binary_cross_entropy_with_logits", "BCELoss", "BCEWithLogitsLoss")
REFERENCE = {"binary_cross_entropy": F.binary_cross_entropy_with_logits}


@case("random scores", repeat=3)
@case("a batch of one", batch=1)
@case("double precision", dtype=torch.float64)
@case("large scores: much, not infinitely much", std=500.0)
def losses(answer, draw, std=2.0, dtype=torch.float32):
    scores = draw.normal("batch", std=std, dtype=dtype)
    return answer.binary_cross_entropy(scores, draw.integers("batch", 0, 2, dtype=dtype))


@case("gradients flow through it")
@case("gradients of large scores", std=500.0)
def flow(answer, draw, std=2.0):
    scores = draw.normal("batch", std=std, requires_grad=True)
    loss = answer.binary_cross_entropy(scores, draw.integers("batch", 0, 2, dtype=torch.float32))
    return {"loss": loss, "gradient": gradients(loss, scores)}
