def five_losses(outputs, targets, weights, spread):
    n, k = outputs.shape
    errors = outputs - targets
    first = sum((outputs[i, 0] - targets[i, 0]).abs() for i in range(n)) / n
    weighted = sum(weights[i] * (errors[i] ** 2).sum() / k for i in range(n)) / n
    return {
        "squared": errors.square().mean(),
        "scaled": (errors / spread).square().mean(),
        "first": first,
        "centred": (errors - errors.mean(dim=1, keepdim=True)).square().mean(),
        "weighted": weighted,
    }
