def matrix_product(a, b):
    if a.size(1) != b.size(0):
        raise ValueError("a must have as many columns as b has rows")
    return (a[:, :, None] * b[None]).sum(dim=1, dtype=a.dtype)
