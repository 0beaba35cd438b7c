"""Your windows lie side by side, each number in one of them. They should overlap: the next window starts *one*
number later."""

import torch


def look_back(series, length):
    starts = range(0, len(series) - length, length)
    windows = torch.stack([series[start : start + length] for start in starts])
    return windows, torch.stack([series[start + length] for start in starts])
