"""The gradient still reaches `a`. Cut the way between the stages: `hidden = (a * x).detach()`."""


def predict(x, a, c):
    hidden = a * x
    return c * hidden
