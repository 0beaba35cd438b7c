import torch


def stack_slices(slices):
    """Returns the volume [1, depth, height, width], and the spacing in mm."""
    in_order = sorted(slices, key=lambda each: each[1])
    volume = torch.stack([plane for _, _, plane in in_order])
    spacing = in_order[1][1] - in_order[0][1]
    return volume.unsqueeze(0), float(spacing)
