import math

from torchbook.course.earlier import scalar_engine

Value = scalar_engine.Value


def exp(value):
    return Value(math.exp(value.data), (value,), (math.exp(value.data),))


def relu(value):
    if value.data > 0:
        return value * Value(1.0)
    return value * Value(0.0)


def tanh(value):
    """(1 - e^-2x) / (1 + e^-2x), of pieces that the engine knows, and a division by the way."""
    small = exp(value * Value(-2.0))
    below = small + Value(1.0)
    one_over = Value(1 / below.data, (below,), (-1 / below.data**2,))
    return (Value(1.0) + small * Value(-1.0)) * one_over
