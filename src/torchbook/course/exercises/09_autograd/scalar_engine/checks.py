from torchbook.course.grading.cases import case


def seen(result, *values):
    """What a learner can see of an expression: its value, and the gradients of the numbers in it."""
    return {"result": float(result.data), "gradients": [float(value.grad) for value in (result, *values)]}


@case("a sum", repeat=2)
def total(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    c = a + b
    c.backward()
    return seen(c, a, b)


@case("a product", repeat=2)
def product(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    c = a * b
    c.backward()
    return seen(c, a, b)


@case("one number used twice")
def twice(answer, draw):
    a = answer.Value(draw.number())
    c = a * a + a
    c.backward()
    return seen(c, a)


@case("a chain: slopes are multiplied")
def chain(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    c = (a + b) * b * b
    c.backward()
    return seen(c, a, b)


@case("two paths of different length")
def ways(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    middle = a * b
    longer = middle * a + b
    c = middle + longer * longer * middle
    c.backward()
    return seen(c, a, b, middle, longer)


@case("a second expression adds to the gradients")
def again(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    (a + b).backward()
    c = a * b
    c.backward()
    return seen(c, a, b)


@case("a function of two numbers that you add one day")
def another(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    c = answer.Value(draw.number(), (a, b), (3.0, -0.5))
    c.backward()
    return seen(c, a, b)


@case("equal numbers that are different Values")
def equals(answer, draw):
    number = draw.number()
    a, b = answer.Value(number), answer.Value(number)
    square, other = a * a, b * b
    c = square * other + a
    c.backward()
    return seen(c, a, b, square, other)


@case("backward twice")
def repeated(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    c = a * b
    c.backward()
    c.backward()
    return seen(c, a, b)


@case("a result that has a gradient already")
def older(answer, draw):
    a = answer.Value(draw.number())
    b = answer.Value(draw.number())
    c = a * b
    (c + a).backward()
    c.backward()
    return seen(c, a, b)
