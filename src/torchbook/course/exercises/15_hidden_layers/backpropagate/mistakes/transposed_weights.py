"""The gradients of the weights are transposed. The gradient of a thing has its shape: `w1` is `[hidden, inputs]`."""


def backpropagate(x, y, w1, b1, w2, b2):
    z = x @ w1.T + b1
    hidden = z.clamp(min=0)
    predictions = hidden @ w2.T + b2
    loss = (predictions - y).square().mean()
    grad_predictions = 2 * (predictions - y) / predictions.numel()
    grad_w2 = hidden.T @ grad_predictions
    grad_b2 = grad_predictions.sum(dim=0)
    grad_hidden = grad_predictions @ w2
    grad_z = grad_hidden * (z > 0)
    grad_w1 = x.T @ grad_z
    grad_b1 = grad_z.sum(dim=0)
    return loss, grad_w1, grad_b1, grad_w2, grad_b2
