import torch


def windows_of_time(series, length, valid_days):
    """train_windows [n, length, features], train_targets [n, features], and the same for the last valid_days days."""
    count = len(series) - length
    windows = torch.stack([series[start : start + length] for start in range(count)])
    targets = series[length:]
    border = count - valid_days
    return windows[:border], targets[:border], windows[border:], targets[border:]
