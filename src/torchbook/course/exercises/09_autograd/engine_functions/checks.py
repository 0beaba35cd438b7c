from torchbook.course.grading.cases import case


def seen(result, *values):
    """What a learner can see of an expression: its value, and the gradients of the numbers in it."""
    return {"result": float(result.data), "gradients": [float(value.grad) for value in values]}


@case("exp", repeat=2)
def exponential(answer, draw):
    x = answer.Value(draw.number())
    y = answer.exp(x)
    y.backward()
    return seen(y, x)


@case("relu of a positive number", low=0.5, high=2.0)
@case("relu of a negative number", low=-2.0, high=-0.5)
def rectified(answer, draw, low, high):
    x = answer.Value(draw.number(low, high))
    y = answer.relu(x)
    y.backward()
    return seen(y, x)


@case("relu of exactly 0: the table says 0")
def corner(answer, draw):
    x = answer.Value(0.0)
    y = answer.relu(x)
    y.backward()
    return seen(y, x)


@case("tanh", low=-2.0, high=2.0, repeat=2)
@case("tanh far from zero", low=3.0, high=4.0, atol=1e-8)
def bent(answer, draw, low, high):
    x = answer.Value(draw.number(low, high))
    y = answer.tanh(x)
    y.backward()
    return seen(y, x)


@case("of a sum and a product")
def inside(answer, draw):
    a = answer.Value(draw.number(0.2, 1.0))
    b = answer.Value(draw.number(0.2, 1.0))
    y = answer.exp(a + b) + answer.relu(a * b) + answer.tanh(a * b + a)
    y.backward()
    return seen(y, a, b)


@case("a number times a function of itself")
def reused(answer, draw):
    x = answer.Value(draw.number(0.5, 1.5))
    y = x * answer.exp(x) + x * answer.relu(x) + x * answer.tanh(x)
    y.backward()
    return seen(y, x)


@case("one function in the other")
def nested(answer, draw):
    a = answer.Value(draw.number(0.2, 1.0))
    b = answer.Value(draw.number(0.2, 1.0))
    y = answer.tanh(answer.exp(a) * b) + answer.relu(answer.tanh(b) * a)
    y.backward()
    return seen(y, a, b)


@case("a new Value, with the old one as its only parent", function="exp")
@case("a new Value, with the old one as its only parent: relu", function="relu")
@case("a new Value, with the old one as its only parent: tanh", function="tanh")
def parents(answer, draw, function):
    x = answer.Value(draw.number(0.5, 1.5))
    y = getattr(answer, function)(x)
    old = [parent is x for parent in y.parents]
    return {"it is a new Value": y is not x, "its parents are the old Value and nothing else": old == [True]}
