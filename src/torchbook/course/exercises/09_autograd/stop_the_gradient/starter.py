def predict(x, a, c):
    """The predictions c * (a * x), through which a gradient flows to c and none to a."""
    raise NotImplementedError
