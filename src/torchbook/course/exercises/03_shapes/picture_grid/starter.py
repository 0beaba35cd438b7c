def picture_grid(pictures, rows, columns):
    """One picture [channels, rows * height, columns * width] of a batch [rows * columns, channels, height, width]."""
    raise NotImplementedError
