from torchbook.course.grading.cases import case

FORBIDDEN = ("SGD", "Adam", "AdamW", "RMSprop")


@case("one step", steps=1)
@case("a small learning rate", steps=1, learning_rate=0.001)
@case("two steps: the second does not feel the first", steps=2)
@case("five steps", steps=5, repeat=2)
def line(answer, draw, steps, learning_rate=0.1):
    x, y = draw.normal("points features"), draw.normal("points")
    weights, bias = draw.normal("features", requires_grad=True), draw.normal(requires_grad=True)
    losses = []
    for _ in range(steps):
        loss = (x @ weights + bias - y).square().mean()
        losses.append(answer.gradient_descent_step([weights, bias], loss, learning_rate))
    return {"losses": losses, "weights": weights, "bias": bias, "weights.is_leaf": weights.is_leaf}


@case("a single parameter", count=1)
@case("three parameters", count=3)
@case("five parameters", count=5)
def several(answer, draw, count):
    target = draw.normal("features")
    parameters = [draw.normal("features", requires_grad=True) for _ in range(count)]
    loss = (sum(parameters) - target).square().mean()
    return {"loss": answer.gradient_descent_step(parameters, loss, 0.1), "parameters": parameters}
