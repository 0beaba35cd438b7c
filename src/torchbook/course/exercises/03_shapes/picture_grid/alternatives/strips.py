import torch


def picture_grid(pictures, rows, columns):
    strips = [torch.cat(list(strip), dim=2) for strip in pictures.split(columns)]
    return torch.cat(strips, dim=1)
