import torch


def to_floats(picture, bits):
    if picture.ndim == 2:
        picture = picture[:, :, None]
    height, width, channels = picture.shape
    channels = min(channels, 3)
    result = torch.empty(channels, height, width)
    for channel in range(channels):
        result[channel] = picture[:, :, channel]
    return result / (2**bits - 1)


def to_bits(floats, bits):
    result = torch.zeros(floats.shape, dtype=torch.int32)
    result[...] = (floats * (2**bits - 1)).round()
    return result
