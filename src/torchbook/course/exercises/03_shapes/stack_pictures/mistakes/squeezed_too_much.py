"""`squeeze()` without a number takes out *every* dimension of size 1: a batch of one, or pictures of one row, lose
more than the channel. Say which: `squeeze(1)`."""

import torch


def stack_pictures(pictures):
    return torch.stack(pictures).unsqueeze(1)


def unstack_pictures(batch):
    return list(batch.squeeze())
