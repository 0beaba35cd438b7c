"""Your rule is right, but it answers True and False where 1 and 0 were asked for. `int(...)` around it does it, or
`1 if ... else 0`."""


def inner_ring(x, y):
    return (x**2 + y**2) ** 0.5 < 0.9
