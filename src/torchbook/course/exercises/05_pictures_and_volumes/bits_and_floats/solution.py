import torch


def to_floats(picture, bits):
    """Returns the picture as floats from 0 to 1, [channels, height, width]."""
    if picture.ndim == 2:
        picture = picture.unsqueeze(2)
    if picture.shape[2] == 4:
        picture = picture[:, :, :3]
    white = 2**bits - 1
    return picture.permute(2, 0, 1).to(torch.float32) / white


def to_bits(floats, bits):
    """Returns the nearest whole numbers from 0 to 2**bits - 1, as int32."""
    levels = floats * (2**bits - 1)
    return levels.round().to(torch.int32)
