def scores(x, weights, bias):
    """Scores [examples, outputs] of x [examples, inputs] or [inputs]; weights [outputs, inputs], bias [outputs]."""
    if x.ndim == 1:
        x = x.unsqueeze(0)
    x = x.to(device=weights.device, dtype=weights.dtype)
    return x @ weights.T + bias
