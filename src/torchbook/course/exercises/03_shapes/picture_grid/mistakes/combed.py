"""The pixels of different pictures are combed into each other. Downwards comes the row of the sheet *before* the
height, to the right the column *before* the width: first a whole picture, then the next."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(rows, columns, channels, height, width)
    return sheet.permute(2, 3, 0, 4, 1).reshape(channels, rows * height, columns * width)
