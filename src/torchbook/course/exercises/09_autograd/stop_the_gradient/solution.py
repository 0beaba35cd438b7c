def predict(x, a, c):
    """The predictions c * (a * x), through which a gradient flows to c and none to a."""
    hidden = (a * x).detach()
    return c * hidden
