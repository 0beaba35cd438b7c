from torchbook.course.grading.cases import case, gradients


@case("predictions and their gradients", repeat=2)
@case("a single point", points=1)
def flow(answer, draw):
    x = draw.normal("points")
    a = draw.normal(mean=1.0, requires_grad=True)
    c = draw.normal(mean=1.0, requires_grad=True)
    p = answer.predict(x, a, c)
    to_a, to_c = gradients(p, a, c)
    return {"predictions": p, "gradient of c": to_c, "gradient of a": to_a, "a.requires_grad": a.requires_grad}


@case("a stays trainable elsewhere")
def elsewhere(answer, draw):
    x = draw.normal("points")
    a = draw.normal(mean=1.0, requires_grad=True)
    c = draw.normal(mean=1.0, requires_grad=True)
    loss = answer.predict(x, a, c).sum() + 5 * a
    loss.backward()
    return {"a.grad": a.grad, "c.grad": c.grad}
