"""You looked at each coordinate alone, so your border is a square with corners. The point (0.8, 0.8) is inside that
square, but 1.13 away from the middle: use the distance."""


def inner_ring(x, y):
    return 1 if abs(x) < 0.9 and abs(y) < 0.9 else 0
