import torch


def pictures_to_floats(pictures):
    """float32 [batch, channels, height, width] in 0..1 of uint8 [batch, height, width, channels]."""
    channels_second = pictures.permute(0, 3, 1, 2)
    return channels_second.to(torch.float32) / 255
