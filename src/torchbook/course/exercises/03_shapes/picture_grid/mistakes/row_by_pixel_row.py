"""From left to right your sheet is right, from top to bottom it is combed: first come the first pixel rows of all
pictures. Downwards goes the row of the sheet *before* the height: channels, rows, height, columns, width."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(rows, columns, channels, height, width)
    return sheet.permute(2, 3, 0, 1, 4).reshape(channels, rows * height, columns * width)
