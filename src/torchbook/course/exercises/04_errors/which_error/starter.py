def which_error(a, b):
    """What stops the product of two matrices: "device", "dtype", "shape" or "none"."""
    raise NotImplementedError
