import torch


def window(stored, slope, intercept, centre, width):
    """Returns the shades (uint8, 0 to 255) of stored numbers (int16) in a window of Hounsfield units."""
    hounsfield = stored.to(torch.float32) * slope + intercept
    low = centre - width / 2
    share = (hounsfield - low) / width
    shades = share.clamp(0, 1) * 255
    return shades.round().to(torch.uint8)
