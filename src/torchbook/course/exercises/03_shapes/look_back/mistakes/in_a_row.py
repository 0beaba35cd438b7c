"""`torch.cat` joins the windows end to end into one long vector. `torch.stack` gives each a row of its own."""

import torch


def look_back(series, length):
    count = len(series) - length
    windows = torch.cat([series[start : start + length] for start in range(count)])
    return windows, series[length:]
