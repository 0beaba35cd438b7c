def look_back(series, length):
    """Windows [k, length] of a series [n], and the number that follows each, [k]."""
    raise NotImplementedError
