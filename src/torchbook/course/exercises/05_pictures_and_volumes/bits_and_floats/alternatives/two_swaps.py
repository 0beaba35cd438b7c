import torch


def to_floats(picture, bits):
    largest = (1 << bits) - 1
    if picture.dim() == 2:
        return (picture / largest).float()[None]
    return (picture[..., :3].to(torch.float32) / largest).movedim(-1, 0)


def to_bits(floats, bits):
    return torch.round(floats.double() * ((1 << bits) - 1)).to(dtype=torch.int32)
