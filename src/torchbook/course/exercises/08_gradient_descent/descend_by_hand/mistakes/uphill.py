"""Each step goes the wrong way. Either you added the slope, which says where the loss *grows*, or your errors are
target minus prediction: the square hides the sign, the slope does not."""


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    for _ in range(epochs):
        error = w * x + b - y
        losses.append(error.square().mean().item())
        slope_w = 2 * (error * x).mean()
        slope_b = 2 * error.mean()
        w = w + learning_rate * slope_w
        b = b + learning_rate * slope_b
    return w, b, losses
