"""Your pictures are still `[1, height, width]`. Take the channel out, with `squeeze(1)` or by the index 0."""

import torch


def stack_pictures(pictures):
    return torch.stack(pictures).unsqueeze(1)


def unstack_pictures(batch):
    return list(batch)
