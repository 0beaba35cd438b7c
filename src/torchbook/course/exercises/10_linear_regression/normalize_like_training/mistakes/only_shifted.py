"""You subtracted the mean and did not divide. Divide by the standard deviation, so that all features have the same
spread."""


def normalize(training, validation, test):
    mean = training.mean(dim=0)
    return tuple(table - mean for table in (training, validation, test))
