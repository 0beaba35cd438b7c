"""Your standard deviation divides by n - 1, as `torch.std` does unless told otherwise. Say `correction=0`."""


def normalize(training, validation, test):
    mean = training.mean(dim=0)
    std = training.std(dim=0)
    std[std == 0] = 1.0
    return tuple((table - mean) / std for table in (training, validation, test))
