"""Your result is the transpose: its rows belong to the columns of `b`. The number at `[i, j]` is row `i` of `a` with
column `j` of `b`."""

import torch


def matrix_product(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    product = torch.zeros(b.shape[1], a.shape[0], dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            product[j, i] = (a[i] * b[:, j]).sum()
    return product
