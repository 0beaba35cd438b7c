from math import hypot


def inner_ring(x, y):
    return int(hypot(x, y) < 0.9)
