def inner_ring(x, y):
    """1 if the point (x, y) is less than 0.9 away from the middle, else 0."""
    raise NotImplementedError  # your code takes the place of this line
