"""The slope of $w$ lacks its $x$. If $w$ grows by a little, the prediction for $x_i$ grows $x_i$ times as much:
multiply each error by its reading."""


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        slope_w = 2 * error.mean()
        slope_b = 2 * error.mean()
        w = w - learning_rate * slope_w
        b = b - learning_rate * slope_b
    return w, b, losses
