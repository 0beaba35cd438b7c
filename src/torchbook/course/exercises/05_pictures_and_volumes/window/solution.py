import torch


def window(stored, slope, intercept, centre, width):
    """Returns the shades, uint8, of the stored numbers through the window."""
    hounsfield = stored.to(torch.float32) * slope + intercept
    low = centre - width / 2
    share = (hounsfield - low) / width
    shades = share.clamp(0, 1) * 255
    return shades.round().to(torch.uint8)
