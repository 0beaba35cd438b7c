"""Almost: a point that is exactly 0.9 away is not *less than* 0.9 away. Use `<` instead of `<=`."""

import math


def inner_ring(x, y):
    return 1 if math.sqrt(x**2 + y**2) <= 0.9 else 0
