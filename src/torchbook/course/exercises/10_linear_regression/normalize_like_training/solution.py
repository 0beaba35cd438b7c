def normalize(training, validation, test):
    """Three tables [rows, features] in units of the training set: its mean is 0, its standard deviation 1."""
    mean = training.mean(dim=0)
    std = training.std(dim=0, correction=0)
    std[std == 0] = 1.0
    return tuple((table - mean) / std for table in (training, validation, test))
