import math


def inner_ring(x, y):
    """1 if the point (x, y) is less than 0.9 away from the middle, else 0."""
    distance = math.sqrt(x**2 + y**2)
    return 1 if distance < 0.9 else 0
