"""These are logarithms of probabilities. Softmax itself ends with the division; `log` comes later, in the loss."""

import torch


def softmax(logits):
    return logits - torch.logsumexp(logits, dim=1, keepdim=True)
