def split_by_group(groups, valid_groups, generator):
    """train, valid: ascending indices of the examples, no group in both; groups [n] says which group each is in."""
    raise NotImplementedError
