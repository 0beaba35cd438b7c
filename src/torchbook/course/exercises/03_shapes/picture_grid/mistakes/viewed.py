"""`view` never copies, and after `permute` the numbers no longer lie in memory in the order that it needs. Use
`reshape`, or `.contiguous()` before it."""


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = pictures.view(rows, columns, channels, height, width)
    return sheet.permute(2, 0, 3, 1, 4).view(channels, rows * height, columns * width)
