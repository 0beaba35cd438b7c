import torch


def to_floats(picture, bits):
    """Returns float32 [channels, height, width] in 0..1 of integers [height, width] or [height, width, channels]."""
    if picture.ndim == 2:
        picture = picture.unsqueeze(2)
    if picture.shape[2] == 4:
        picture = picture[:, :, :3]
    white = 2**bits - 1
    return picture.permute(2, 0, 1).to(torch.float32) / white


def to_bits(floats, bits):
    """Returns the nearest whole numbers (int32) from 0 to 2**bits - 1 of floats in 0..1, in the same shape."""
    levels = floats * (2**bits - 1)
    return levels.round().to(torch.int32)
