def descend(x, y, w, b, learning_rate, epochs):
    """Fits the line w * x + b to the points (x, y) and returns w, b and the loss of each epoch before its step."""
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        slope_w = 2 * (error * x).mean()
        slope_b = 2 * error.mean()
        w = w - learning_rate * slope_w
        b = b - learning_rate * slope_b
    return w, b, losses
