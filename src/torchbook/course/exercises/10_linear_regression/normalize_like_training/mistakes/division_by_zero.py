"""A feature that never changes in the training set has the standard deviation 0, and dividing by it gives nan or inf.
Put a 1 in its place first."""


def normalize(training, validation, test):
    mean = training.mean(dim=0)
    std = training.std(dim=0, correction=0)
    return tuple((table - mean) / std for table in (training, validation, test))
