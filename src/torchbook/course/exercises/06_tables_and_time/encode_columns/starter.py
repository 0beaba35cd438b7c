def encode_columns(train, test):
    """The features of both tables, float32 [n, 2 + colours]; whatever is learned for it comes from train alone."""
    raise NotImplementedError
