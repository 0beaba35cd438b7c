"""The pictures are stacked, `[batch, height, width]`, and the channel is still missing. `unsqueeze(1)` puts a
dimension of size 1 at place 1."""

import torch


def stack_pictures(pictures):
    return torch.stack(pictures)


def unstack_pictures(batch):
    return list(batch.squeeze(1))
