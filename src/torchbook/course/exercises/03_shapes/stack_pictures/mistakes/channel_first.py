"""The 1 stands before the batch: that would be one picture with many channels. The order is batch, channels, height,
width."""

import torch


def stack_pictures(pictures):
    return torch.stack(pictures).unsqueeze(0)


def unstack_pictures(batch):
    return list(batch.squeeze(1))
