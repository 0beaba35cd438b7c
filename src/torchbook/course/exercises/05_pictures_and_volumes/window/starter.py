def window(stored, slope, intercept, centre, width):
    """Returns the shades, uint8, of the stored numbers through the window."""
    raise NotImplementedError
