import torch


def window(stored, slope, intercept, centre, width):
    hounsfield = stored * float(slope) + intercept
    shades = 127.5 + 255 * (hounsfield - centre) / width
    shades = torch.where(shades < 0, torch.zeros_like(shades), shades)
    shades = torch.where(shades > 255, torch.full_like(shades, 255), shades)
    return (shades + 0.5).floor().to(torch.uint8)
