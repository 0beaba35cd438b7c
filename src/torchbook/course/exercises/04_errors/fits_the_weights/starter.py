def scores(x, weights, bias):
    """Scores [examples, outputs] of x [examples, inputs] or [inputs]; weights [outputs, inputs], bias [outputs]."""
    return x @ weights + bias
