import torch


def windows_of_time(series, length, valid_days):
    """train_windows [n, length, features], train_targets [n, features], and the same for the last valid_days days."""
    days = len(series)
    train, valid = ([], []), ([], [])
    for day in range(length, days):
        windows, targets = train if day < days - valid_days else valid
        windows.append(series[day - length : day])
        targets.append(series[day])
    return torch.stack(train[0]), torch.stack(train[1]), torch.stack(valid[0]), torch.stack(valid[1])
