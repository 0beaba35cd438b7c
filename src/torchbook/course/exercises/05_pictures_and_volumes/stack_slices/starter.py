def stack_slices(slices):
    """Returns a volume [1, depth, height, width] and the spacing in mm, of tuples (name, position, plane)."""
    raise NotImplementedError
