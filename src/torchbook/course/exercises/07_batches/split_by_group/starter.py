def split_by_group(groups, valid_groups, generator):
    """Returns train, valid: the indices of the examples, no group in both."""
    raise NotImplementedError
