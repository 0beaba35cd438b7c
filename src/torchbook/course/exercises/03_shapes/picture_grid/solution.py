def picture_grid(pictures, rows, columns):
    """One picture [channels, rows * height, columns * width] of a batch [rows * columns, channels, height, width]."""
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(rows, columns, channels, height, width)
    sheet = sheet.permute(2, 0, 3, 1, 4)
    return sheet.reshape(channels, rows * height, columns * width)
