import torch
import torch.nn.functional as F

from torchbook.course.grading.cases import case

FORBIDDEN = ("autograd",)


def by_autograd(x, y, w1, b1, w2, b2):
    parameters = [p.detach().clone().requires_grad_() for p in (w1, b1, w2, b2)]
    loss = F.mse_loss(F.linear(F.linear(x, *parameters[:2]).relu(), *parameters[2:]), y)
    return loss.detach(), *torch.autograd.grad(loss, parameters)


REFERENCE = {"backpropagate": by_autograd}


@case("a random network", repeat=3)
@case("a batch of one", batch=1)
@case("one output", outputs=1)
@case("as many inputs as hidden units", inputs=4, hidden=4)
@case("double precision", dtype=torch.float64)
def network(answer, draw, dtype=torch.float32):
    shapes = ("batch inputs", "batch outputs", "hidden inputs", "hidden", "outputs hidden", "outputs")
    names = ("loss", "grad_w1", "grad_b1", "grad_w2", "grad_b2")
    return dict(zip(names, answer.backpropagate(*(draw.normal(shape, dtype=dtype) for shape in shapes)), strict=True))


@case("a unit that is at exactly 0: it lets nothing through")
def corner(answer, draw):
    x, y = draw.normal("batch inputs"), draw.normal("batch outputs")
    w1, b1, w2, b2 = (draw.normal(shape) for shape in ("hidden inputs", "hidden", "outputs hidden", "outputs"))
    x[1], b1[0] = 0.0, 0.0
    names = ("loss", "grad_w1", "grad_b1", "grad_w2", "grad_b2")
    return dict(zip(names, answer.backpropagate(x, y, w1, b1, w2, b2), strict=True))
