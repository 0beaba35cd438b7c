def descend(x, y, w, b, learning_rate, epochs):
    """Fits the line w * x + b to the points (x, y) and returns w, b and the loss of each epoch before its step."""
    raise NotImplementedError
