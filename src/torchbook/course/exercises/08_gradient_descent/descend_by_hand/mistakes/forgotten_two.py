"""Your steps are half as long as they should be. The slope of a square $u^2$ is $2u$: both slopes begin with a 2."""


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        slope_w = (error * x).mean()
        slope_b = error.mean()
        w = w - learning_rate * slope_w
        b = b - learning_rate * slope_b
    return w, b, losses
