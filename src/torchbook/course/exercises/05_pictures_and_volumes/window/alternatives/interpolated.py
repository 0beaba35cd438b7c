import numpy as np
import torch


def window(stored, slope, intercept, centre, width):
    hounsfield = slope * stored.numpy().astype(float) + intercept
    shades = np.interp(hounsfield, [centre - width / 2, centre + width / 2], [0.0, 255.0])
    return torch.as_tensor(np.rint(shades).astype(np.uint8))
