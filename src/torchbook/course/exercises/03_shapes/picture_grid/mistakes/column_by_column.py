"""Your sheet is filled column by column. The second picture belongs to the right of the first: the batch is `rows`
times `columns`, in this order."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.reshape(columns, rows, channels, height, width)
    return sheet.permute(2, 1, 3, 0, 4).reshape(channels, rows * height, columns * width)
