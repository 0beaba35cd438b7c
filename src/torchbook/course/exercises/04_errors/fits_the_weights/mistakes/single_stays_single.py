"""A single example comes back as `[outputs]`. It counts as a batch of one: give it a first dimension with
`x.unsqueeze(0)`, and don't `squeeze` that out again."""


def scores(x, weights, bias):
    x = x.to(device=weights.device, dtype=weights.dtype)
    return x @ weights.T + bias
