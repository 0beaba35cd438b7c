def _slopes(x, y, w, b):
    n = len(x)
    errors = [w * xi + b - yi for xi, yi in zip(x, y)]
    loss = sum(e * e for e in errors) / n
    return loss, sum(2 / n * e * xi for e, xi in zip(errors, x)), sum(2 / n * e for e in errors)


def descend(x, y, w, b, learning_rate, epochs):
    losses = []
    while len(losses) < epochs:
        loss, slope_w, slope_b = _slopes(x, y, w, b)
        losses.append(float(loss))
        w, b = w - learning_rate * slope_w, b - learning_rate * slope_b
    return w, b, losses
