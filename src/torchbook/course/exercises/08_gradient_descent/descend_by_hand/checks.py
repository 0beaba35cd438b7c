import torch

from torchbook.course.grading.cases import case

FORBIDDEN = ("autograd", "SGD", "Adam")


@case("one epoch", epochs=1, repeat=2)
@case("two epochs", epochs=2)
@case("ten epochs", epochs=10)
@case("a single reading", epochs=3, readings=1)
@case("a small learning rate", epochs=2, learning_rate=0.001)
@case("no epoch at all", epochs=0)
@case("double precision", epochs=2, dtype=torch.float64)
def line(answer, draw, epochs, learning_rate=0.1, dtype=torch.float32):
    x = draw.normal("readings", dtype=dtype)
    y = draw.normal("readings", mean=1.0, dtype=dtype)
    w = draw.normal(dtype=dtype)
    b = draw.normal(dtype=dtype)
    new_w, new_b, losses = answer.descend(x, y, w, b, learning_rate, epochs)
    return {"w": new_w, "b": new_b, "losses": losses}


@case("a real thermometer: the line is found")
def thermometer(answer, draw):
    x = draw.uniform("20", -1.0, 1.0)
    w, b, losses = answer.descend(x, 5 / 9 * x - 2.0, torch.tensor(0.0), torch.tensor(0.0), 0.3, 60)
    return {"w": w, "b": b, "first loss": losses[0], "last loss is small": bool(losses[-1] < 1e-3)}
