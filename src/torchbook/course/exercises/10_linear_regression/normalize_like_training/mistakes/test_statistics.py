"""You took mean and standard deviation from the test set. It stands for data that nobody has seen yet: the training
set alone decides."""


def normalize(training, validation, test):
    mean = test.mean(dim=0)
    std = test.std(dim=0, correction=0)
    std[std == 0] = 1.0
    return tuple((table - mean) / std for table in (training, validation, test))
