def edges(picture):
    """Returns the strengths of the edges, float32 [height - 2, width - 2]."""
    raise NotImplementedError
