"""Your `w` and `b` are right, but `w -= ...` has changed the tensors of the caller too. `w = w - ...` makes new
ones."""


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        slope_w = 2 * (error * x).mean()
        slope_b = 2 * error.mean()
        w -= learning_rate * slope_w
        b -= learning_rate * slope_b
    return w, b, losses
