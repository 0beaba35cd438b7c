from torchbook.course.cases import case


def seen(result, *values):
    """What a learner can see of an expression: its value, and the gradients of the numbers in it."""
    result.backward()
    return {"result": float(result.data), "gradients": [float(value.grad) for value in (result, *values)]}


@case("a sum", repeat=2)
def total(answer, draw):
    a, b = answer.Value(draw.number()), answer.Value(draw.number())
    return seen(a + b, a, b)


@case("a product", repeat=2)
def product(answer, draw):
    a, b = answer.Value(draw.number()), answer.Value(draw.number())
    return seen(a * b, a, b)


@case("one number used twice")
def twice(answer, draw):
    a = answer.Value(draw.number())
    return seen(a * a + a, a)


@case("a chain: slopes are multiplied")
def chain(answer, draw):
    a, b, c = (answer.Value(draw.number()) for _ in "abc")
    return seen((a + b) * c * c, a, b, c)


@case("two ways of different length")
def ways(answer, draw):
    a, b = answer.Value(draw.number()), answer.Value(draw.number())
    middle = a * b
    longer = middle * a + b
    return seen(middle + longer * longer * middle, a, b, middle, longer)


@case("a second expression adds to the gradients")
def again(answer, draw):
    a, b = answer.Value(draw.number()), answer.Value(draw.number())
    (a + b).backward()
    return seen(a * b, a, b)
