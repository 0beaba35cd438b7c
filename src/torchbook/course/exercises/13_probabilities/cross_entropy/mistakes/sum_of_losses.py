"""You added the losses up. The mean is asked for, so that the loss does not depend on the size of the batch."""

import torch


def cross_entropy(logits, labels):
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].sum()
