import torch


def to_floats(picture, bits):
    planes = [picture] if len(picture.shape) == 2 else list(picture.unbind(dim=-1))[:3]
    return torch.stack([plane.float() / float(2**bits - 1) for plane in planes])


def to_bits(floats, bits):
    return torch.floor(floats * (2**bits - 1) + 0.5).int()
