"""You averaged over batch *and* classes. Only the right class of each example counts: divide by the number of
examples."""

import torch
import torch.nn.functional as F


def cross_entropy(logits, labels):
    return -(torch.log_softmax(logits, dim=1) * F.one_hot(labels, logits.shape[1])).mean()
