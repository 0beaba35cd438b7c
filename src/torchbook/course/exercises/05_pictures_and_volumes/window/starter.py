def window(stored, slope, intercept, centre, width):
    """Returns the shades (uint8, 0 to 255) of stored numbers (int16) in a window of Hounsfield units."""
    raise NotImplementedError
