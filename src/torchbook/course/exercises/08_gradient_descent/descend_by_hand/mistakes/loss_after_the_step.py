"""Your losses are those after each step. The first one asked for is the loss with the $w$ and $b$ you were given: note
it down before you move."""


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        slope_w = 2 * (error * x).mean()
        slope_b = 2 * error.mean()
        w = w - learning_rate * slope_w
        b = b - learning_rate * slope_b
        losses.append((w * x + b - y).square().mean().item())
    return w, b, losses
