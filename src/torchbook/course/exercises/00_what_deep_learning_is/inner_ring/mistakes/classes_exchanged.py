"""The border is right, the names are the wrong way round: class 1 is the *inner* ring, less than 0.9 away."""


def inner_ring(x, y):
    return 0 if (x**2 + y**2) ** 0.5 < 0.9 else 1
