import torch
import torch.nn.functional as F

from torchbook.course.grading.cases import case, gradients

FORBIDDEN = ("log_softmax", "nll_loss", "cross_entropy")
REFERENCE = {"log_softmax": lambda logits: F.log_softmax(logits, dim=1), "nll": F.nll_loss}


@case("log_softmax of random scores", repeat=3)
@case("log_softmax of a batch of one", batch=1)
@case("log_softmax of as many rows as classes", batch=4, classes=4)
@case("log_softmax in double precision", dtype=torch.float64)
@case("log_softmax of large scores", std=1000.0)
@case("log_softmax of scores that are all very negative", mean=-1000.0)
def logarithms(answer, draw, mean=0.0, std=2.0, dtype=torch.float32):
    return answer.log_softmax(draw.normal("batch classes", mean=mean, std=std, dtype=dtype))


@case("nll of random log-probabilities", repeat=3)
@case("nll of a batch of one", batch=1)
@case("nll of as many examples as classes", batch=4, classes=4)
@case("nll in double precision", dtype=torch.float64)
def losses(answer, draw, dtype=torch.float32):
    log_probabilities = F.log_softmax(draw.normal("batch classes", std=3.0, dtype=dtype), dim=1)
    return answer.nll(log_probabilities, draw.integers("batch", 0, draw.size("classes")))


@case("gradients flow through both")
@case("gradients of large scores", std=300.0)
def flow(answer, draw, std=2.0):
    logits = draw.normal("batch classes", std=std, requires_grad=True)
    loss = answer.nll(answer.log_softmax(logits), draw.integers("batch", 0, draw.size("classes")))
    return {"loss": loss, "gradient": gradients(loss, logits)}
