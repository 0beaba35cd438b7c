import torch


def picture_grid(pictures, rows, columns):
    sheet = pictures.unflatten(0, (rows, columns))
    sheet = torch.einsum("rkchw->crhkw", sheet)
    return sheet.flatten(3, 4).flatten(1, 2)
