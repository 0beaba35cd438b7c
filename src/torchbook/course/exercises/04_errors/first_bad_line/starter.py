def first_bad_line(report, file):
    """The number of the line in the lowest entry of a traceback that is in the file, None if there is none."""
    raise NotImplementedError
