"""You multiplied rows of `a` with *rows* of `b`. It is a column that meets a row: `b[:, j]`, not `b[j]`."""

import torch


def matrix_product(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    product = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            product[i, j] = (a[i] * b[j]).sum()
    return product
