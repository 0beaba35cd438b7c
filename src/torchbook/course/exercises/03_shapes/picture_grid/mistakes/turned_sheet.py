"""Rows and columns are exchanged in the shape of your sheet. Downwards there are `rows` pictures, to the right
`columns`."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(columns, rows, channels, height, width)
    return sheet.permute(2, 0, 3, 1, 4).reshape(channels, columns * height, rows * width)
