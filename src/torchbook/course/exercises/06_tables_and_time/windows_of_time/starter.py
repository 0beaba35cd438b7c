def windows_of_time(series, length, valid_days):
    """Returns train_windows, train_targets, valid_windows, valid_targets."""
    raise NotImplementedError
