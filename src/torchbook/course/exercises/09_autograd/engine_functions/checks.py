from torchbook.course.cases import case


def seen(result, *values):
    """What a learner can see of an expression: its value, and the gradients of the numbers in it."""
    return {"result": float(result.data), "gradients": [float(value.grad) for value in values]}


@case("exp", which="exp", repeat=2)
@case("relu of a positive number", which="relu", low=0.5)
@case("relu of a negative number", which="relu", high=-0.5)
@case("tanh", which="tanh", repeat=2)
@case("tanh far from zero", which="tanh", low=3.0, high=4.0, atol=1e-8)
def function(answer, draw, which, low=-2.0, high=2.0):
    x = answer.Value(draw.number(low, high))
    y = getattr(answer, which)(x)
    y.backward()
    return seen(y, x)


@case("relu of exactly 0: the table says 0")
def corner(answer, draw):
    x = answer.Value(0.0)
    y = answer.relu(x)
    y.backward()
    return seen(y, x)


@case("exp of a sum", which="exp")
@case("relu of a sum", which="relu")
@case("tanh of a sum", which="tanh")
def inside(answer, draw, which):
    a = answer.Value(draw.number(0.2, 1.0))
    b = answer.Value(draw.number(0.2, 1.0))
    y = getattr(answer, which)(a * b + a)
    y.backward()
    return seen(y, a, b)


@case("a number times exp of itself", which="exp")
@case("a number times relu of itself", which="relu")
@case("a number times tanh of itself", which="tanh")
def reused(answer, draw, which):
    x = answer.Value(draw.number(0.5, 1.5))
    y = x * getattr(answer, which)(x)
    y.backward()
    return seen(y, x)


@case("one in the other")
def nested(answer, draw):
    a = answer.Value(draw.number(0.2, 1.0))
    b = answer.Value(draw.number(0.2, 1.0))
    y = answer.tanh(answer.exp(a) * b) + answer.relu(answer.tanh(b) * a)
    y.backward()
    return seen(y, a, b)
