def hwcn_to_nchw(pictures):
    """Pictures [n, channels, height, width] of a block [height, width, channels, n]."""
    return pictures.permute(3, 2, 0, 1)
