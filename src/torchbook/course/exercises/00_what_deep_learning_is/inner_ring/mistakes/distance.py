"""That is the distance itself. One step is missing: compare it with 0.9, and return 1 or 0."""


def inner_ring(x, y):
    return (x**2 + y**2) ** 0.5
