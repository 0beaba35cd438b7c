import math

from torchbook.course.earlier import scalar_engine

Value = scalar_engine.Value


def exp(value):
    return Value(math.exp(value.data), (value,), (math.exp(value.data),))


def relu(value):
    if value.data > 0:
        return Value(value.data, (value,), (1.0,))
    return Value(0.0, [value], [0.0])


def tanh(value):
    """(e^x - e^-x) / (e^x + e^-x), of which the slope is 4 / (e^x + e^-x)^2."""
    up, down = exp(value).data, exp(value * Value(-1.0)).data
    return Value((up - down) / (up + down), (value,), (4 / (up + down) ** 2,))
