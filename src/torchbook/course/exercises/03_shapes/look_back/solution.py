import torch


def look_back(series, length):
    """Windows [k, length] of a series [n], and the number that follows each, [k]."""
    count = len(series) - length
    windows = torch.stack([series[start : start + length] for start in range(count)])
    return windows, series[length:]
