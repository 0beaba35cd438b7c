"""Your windows are the columns. One row is one example: `torch.stack` puts its vectors there by itself, with
`dim=0`."""

import torch


def look_back(series, length):
    count = len(series) - length
    windows = torch.stack([series[start : start + length] for start in range(count)], dim=1)
    return windows, series[length:]
