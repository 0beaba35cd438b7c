"""The values are right and no gradient arrives: your new Values do not know what they were made of. Give them their
parent and its slope, `Value(number, (value,), (slope,))`."""

import math

from torchbook.course.earlier import scalar_engine

Value = scalar_engine.Value  # your own engine: Value(data, parents, slopes), with +, * and backward


def exp(value):
    power = math.exp(value.data)
    return Value(power)


def relu(value):
    """A Value where it is positive, else 0, as a new Value."""
    positive = value.data > 0
    return Value(value.data if positive else 0.0)


def tanh(value):
    """The hyperbolic tangent of a Value, as a new Value."""
    bent = math.tanh(value.data)
    return Value(bent)
