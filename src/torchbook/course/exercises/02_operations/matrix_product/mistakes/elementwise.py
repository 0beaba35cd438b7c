"""`*` multiplies number by number in the same place, and for most shapes it can't. Each number of a matrix product
is a *sum*, of a row of `a` times a column of `b`."""


def matrix_product(a, b):
    if a.shape[1] != b.shape[0]:
        raise ValueError("the inner dimensions differ")
    return a * b
