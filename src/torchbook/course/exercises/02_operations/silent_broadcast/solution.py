def five_losses(outputs, targets, weights, spread):
    """Five losses of a batch. outputs and targets [n, k], weights [n], spread [k]."""
    errors = outputs - targets
    first = outputs[:, 0] - targets[:, 0]
    per_example = errors.square().mean(dim=1)
    return {
        "squared": errors.square().mean(),
        "scaled": (errors / spread).square().mean(),
        "first": first.abs().mean(),
        "centred": (errors - errors.mean(dim=1, keepdim=True)).square().mean(),
        "weighted": (weights * per_example).mean(),
    }
