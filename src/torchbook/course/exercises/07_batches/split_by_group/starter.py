def split_by_group(groups, valid_groups, generator):
    """train, valid: ascending indices of the examples; the groups [n] of one are not those of the other."""
    raise NotImplementedError
