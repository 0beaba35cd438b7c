import torch


def stack_pictures(pictures):
    return torch.cat([picture[None, None] for picture in pictures])


def unstack_pictures(batch):
    return [batch[i, 0] for i in range(batch.shape[0])]
