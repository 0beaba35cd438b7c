"""You switched off `requires_grad` of `a` itself, for everybody and for good. Detach the result of the first stage,
and leave `a` alone."""


def predict(x, a, c):
    a.requires_grad_(False)
    hidden = a * x
    return c * hidden
