"""Your function prints the answer, but gives nothing back: whoever calls it gets `None`. Use `return` instead of
`print`."""


def inner_ring(x, y):
    print(1 if (x**2 + y**2) ** 0.5 < 0.9 else 0)
