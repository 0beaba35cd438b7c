"""Where the matrices don't fit, your loop over the inner dimension runs anyway: it leaves rows of `b` out, or runs
over its end. Compare `a.shape[1]` with `b.shape[0]` first and raise a `ValueError`."""

import torch


def matrix_product(a, b):
    product = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                product[i, j] += a[i, k] * b[k, j]
    return product
