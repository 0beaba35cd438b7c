"""You asked for equal shapes, as for `*`. Only the inner dimensions must agree: `a.shape[1]` and `b.shape[0]`."""

import torch


def matrix_product(a, b):
    if a.shape != b.shape:
        raise ValueError("the shapes differ")
    product = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            product[i, j] = (a[i] * b[:, j]).sum()
    return product
