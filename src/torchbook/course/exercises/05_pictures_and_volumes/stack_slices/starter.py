def stack_slices(slices):
    """Returns the volume [1, depth, height, width], and the spacing in mm."""
    raise NotImplementedError
