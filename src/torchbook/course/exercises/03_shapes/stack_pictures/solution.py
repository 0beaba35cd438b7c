import torch


def stack_pictures(pictures):
    """One tensor [batch, 1, height, width] of a list of grey pictures [height, width]."""
    return torch.stack(pictures).unsqueeze(1)


def unstack_pictures(batch):
    """The list of grey pictures [height, width] in a batch [batch, 1, height, width]."""
    return list(batch.squeeze(1))
