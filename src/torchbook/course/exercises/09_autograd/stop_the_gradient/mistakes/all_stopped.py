"""Now nothing is watched, not even `c`. Only the *first* stage may be cut off; compute the second one outside of
`no_grad` or `detach`."""


def predict(x, a, c):
    hidden = a * x
    return (c * hidden).detach()
