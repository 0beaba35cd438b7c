"""You cut `c` off, and `a` learns: the other way round. Detach what comes out of the first stage."""


def predict(x, a, c):
    hidden = a * x
    return c.detach() * hidden
