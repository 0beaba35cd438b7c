import torch


def picture_grid(pictures, rows, columns):
    channels, height, width = pictures.shape[1:]
    sheet = torch.zeros(channels, rows * height, columns * width, dtype=pictures.dtype)
    for number, picture in enumerate(pictures):
        top = number // columns * height
        left = number % columns * width
        sheet[:, top : top + height, left : left + width] = picture
    return sheet
