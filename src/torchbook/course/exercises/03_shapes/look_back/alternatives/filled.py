import torch


def look_back(series, length):
    k = series.shape[0] - length
    windows = torch.zeros(k, length, dtype=series.dtype)
    for j in range(length):
        windows[:, j] = series[j : j + k]
    return windows, series[-k:]
