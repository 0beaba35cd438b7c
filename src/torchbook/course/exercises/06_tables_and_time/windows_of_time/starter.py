def windows_of_time(series, length, valid_days):
    """train_windows [n, length, features], train_targets [n, features], and the same for the last valid_days days."""
    raise NotImplementedError
