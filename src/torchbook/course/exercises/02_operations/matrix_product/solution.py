import torch


def matrix_product(a, b):
    """The product [n, p] of matrices a [n, m] and b [m, p]."""
    if a.shape[1] != b.shape[0]:
        raise ValueError("a needs as many columns as b has rows")
    product = torch.zeros(a.shape[0], b.shape[1], dtype=a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            product[i, j] = (a[i] * b[:, j]).sum()
    return product
