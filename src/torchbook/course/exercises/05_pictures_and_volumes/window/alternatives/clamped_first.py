import torch


def window(stored, slope, intercept, centre, width):
    bottom, top = centre - width / 2, centre + width / 2
    values = (stored.double() * slope + intercept).clamp(bottom, top)
    return torch.round((values - bottom) * 255 / (top - bottom)).byte()
