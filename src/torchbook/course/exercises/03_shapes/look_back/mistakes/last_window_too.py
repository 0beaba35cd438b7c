"""You made one window too many: nothing follows the last one. Leave it out, so that there are as many windows as
numbers that follow."""

import torch


def look_back(series, length):
    windows = torch.stack([series[start : start + length] for start in range(len(series) - length + 1)])
    return windows, series[length:]
