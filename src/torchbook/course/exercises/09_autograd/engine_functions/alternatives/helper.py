import math

from torchbook.course.earlier import scalar_engine

Value = scalar_engine.Value


def _made(value, result, slope):
    return Value(result, [value], [slope])


def exp(value):
    return _made(value, math.e**value.data, math.e**value.data)


def relu(value):
    return _made(value, max(value.data, 0), int(value.data > 0))


def tanh(value):
    return _made(value, math.tanh(value.data), 1 / math.cosh(value.data) ** 2)
