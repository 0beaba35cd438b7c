"""You divided by the variance, the square of the standard deviation. Take its root, or `std` in the place of `var`."""


def normalize(training, validation, test):
    mean = training.mean(dim=0)
    std = training.var(dim=0, correction=0)
    std[std == 0] = 1.0
    return tuple((table - mean) / std for table in (training, validation, test))
