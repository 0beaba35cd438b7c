import torch


def windows_of_time(series, length, valid_days):
    """Returns train_windows, train_targets, valid_windows, valid_targets."""
    count = len(series) - length
    windows = torch.stack([series[start : start + length] for start in range(count)])
    targets = series[length:]
    border = count - valid_days
    return windows[:border], targets[:border], windows[border:], targets[border:]
