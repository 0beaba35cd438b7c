def encode_columns(train, test):
    """Returns the features of train and of test, float32 [n, 2 + colours]."""
    raise NotImplementedError
