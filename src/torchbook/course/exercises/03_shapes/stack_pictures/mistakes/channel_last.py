"""The 1 stands at the end, where NumPy and picture files have their channels. PyTorch wants it second: batch,
channels, height, width."""

import torch


def stack_pictures(pictures):
    return torch.stack(pictures).unsqueeze(-1)


def unstack_pictures(batch):
    return list(batch.squeeze(1))
