"""You made a new tensor out of `c`, so the gradient ends there and never reaches the `c` of the caller. Use `c`
itself."""


def predict(x, a, c):
    hidden = (a * x).detach()
    c = c.detach().clone().requires_grad_()
    return c * hidden
