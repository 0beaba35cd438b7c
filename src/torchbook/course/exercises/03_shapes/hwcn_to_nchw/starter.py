def hwcn_to_nchw(pictures):
    """Pictures [n, channels, height, width] of a block [height, width, channels, n]."""
    raise NotImplementedError
