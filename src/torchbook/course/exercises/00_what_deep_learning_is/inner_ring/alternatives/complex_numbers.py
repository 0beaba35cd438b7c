def inner_ring(x, y):
    if abs(complex(x, y)) >= 0.9:
        return 0
    return 1
