import torch


def stack_pictures(pictures):
    height, width = pictures[0].shape
    batch = torch.zeros(len(pictures), 1, height, width, dtype=pictures[0].dtype)
    for place, picture in enumerate(pictures):
        batch[place, 0] = picture
    return batch


def unstack_pictures(batch):
    return torch.unbind(batch.flatten(0, 1))
