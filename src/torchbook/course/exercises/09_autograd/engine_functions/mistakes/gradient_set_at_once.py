"""You changed `grad` while the number was made. How the end result changes is not known before `backward`: store the
slope, and leave `grad` alone."""

import math

from torchbook.course.earlier import scalar_engine

Value = scalar_engine.Value  # your own engine: Value(data, parents, slopes), with +, * and backward


def exp(value):
    power = math.exp(value.data)
    value.grad += power
    return Value(power)


def relu(value):
    """A Value where it is positive, else 0, as a new Value."""
    positive = value.data > 0
    value.grad += 1.0 if positive else 0.0
    return Value(value.data if positive else 0.0)


def tanh(value):
    """The hyperbolic tangent of a Value, as a new Value."""
    bent = math.tanh(value.data)
    value.grad += 1 - bent**2
    return Value(bent)
