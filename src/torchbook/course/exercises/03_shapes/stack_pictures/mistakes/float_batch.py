"""The batch is float32 though the pictures were not: `torch.zeros` makes floats unless you give it
`dtype=pictures[0].dtype`."""

import torch


def stack_pictures(pictures):
    return torch.stack([picture.float() for picture in pictures]).unsqueeze(1)


def unstack_pictures(batch):
    return list(batch.squeeze(1))
