def five_losses(outputs, targets, weights, spread):
    errors = outputs - targets
    first = outputs[:, :1] - targets[:, :1]
    per_example = errors.square().mean(dim=1, keepdim=True)
    return {
        "squared": errors.square().mean(),
        "scaled": (errors / spread[None, :]).square().mean(),
        "first": first.abs().mean(),
        "centred": (errors - errors.mean(dim=1, keepdim=True)).square().mean(),
        "weighted": (weights.unsqueeze(1) * per_example).mean(),
    }
