"""You added the two coordinates without their signs. That is the way along the streets of a town; the straight way is
the root of the sum of the squares."""


def inner_ring(x, y):
    return 1 if abs(x) + abs(y) < 0.9 else 0
