"""The results are right, but the tables of the caller have changed too: `-=` and `/=` work in place. Write `(table -
mean) / std`, which makes a new one."""


def normalize(training, validation, test):
    mean = training.mean(dim=0)
    std = training.std(dim=0, correction=0)
    std[std == 0] = 1.0
    for table in (training, validation, test):
        table -= mean
        table /= std
    return training, validation, test
