# mine
import math

from torchbook.course.earlier import scalar_engine

Value = scalar_engine.Value  # your own engine: Value(data, parents, slopes), with +, * and backward


def exp(value):
    """e to the power of a Value, as a new Value."""
    power = math.exp(value.data)
    return Value(power, (value,), (power,))


def relu(value):
    """A Value where it is positive, else 0, as a new Value."""
    positive = value.data > 0
    return Value(value.data if positive else 0.0, (value,), (1.0 if positive else 0.0,))


def tanh(value):
    """The hyperbolic tangent of a Value, as a new Value."""
    bent = math.tanh(value.data)
    return Value(bent, (value,), (1 - bent**2,))
