import torch


def matrix_product(a, b):
    (n, m), (rows, p) = a.shape, b.shape
    if m != rows:
        raise ValueError(f"{m} columns and {rows} rows")
    table = [[0] * p for _ in range(n)]
    for k in range(m):
        for i in range(n):
            for j in range(p):
                table[i][j] += a[i, k].item() * b[k, j].item()
    return torch.tensor(table, dtype=a.dtype)
