def which_error(a, b):
    """What stops the product of two matrices: "device", "dtype", "shape" or "none"."""
    if a.device != b.device:
        return "device"
    if a.dtype != b.dtype:
        return "dtype"
    if a.shape[1] != b.shape[0]:
        return "shape"
    return "none"
