"""Only $w$ has moved. The line has two parameters: compute the slope of $b$ and move it as well."""


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        slope_w = 2 * (error * x).mean()
        w = w - learning_rate * slope_w
    return w, b, losses
