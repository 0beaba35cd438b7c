def windows_of_time(series, length, valid_days):
    """train_windows [n, length, features], train_targets [n, features], and the same for the last valid_days days."""
    runs = series.unfold(0, length + 1, 1).transpose(1, 2)
    windows, targets = runs[:, :-1], runs[:, -1]
    return windows[:-valid_days], targets[:-valid_days], windows[-valid_days:], targets[-valid_days:]
