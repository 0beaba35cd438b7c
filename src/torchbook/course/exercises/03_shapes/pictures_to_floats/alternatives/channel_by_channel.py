import torch


def pictures_to_floats(pictures):
    planes = [pictures[..., c] / 255 for c in range(pictures.shape[-1])]
    return torch.stack(planes, dim=1)
