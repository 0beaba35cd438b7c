from itertools import pairwise

import torch


def stack_slices(slices):
    ordered = list(slices)
    ordered.sort(key=lambda item: item[1])
    volume = torch.cat([item[2].unsqueeze(0) for item in ordered], dim=0)
    gaps = [above[1] - below[1] for below, above in pairwise(ordered)]
    return volume.reshape(1, *volume.shape), min(gaps)
