import torch


def windows_of_time(series, length, valid_days):
    """train_windows [n, length, features], train_targets [n, features], and the same for the last valid_days days."""
    target_days = torch.arange(length, len(series))
    window_days = target_days[:, None] + torch.arange(-length, 0)
    is_valid = target_days >= len(series) - valid_days
    windows, targets = series[window_days], series[target_days]
    return windows[~is_valid], targets[~is_valid], windows[is_valid], targets[is_valid]
