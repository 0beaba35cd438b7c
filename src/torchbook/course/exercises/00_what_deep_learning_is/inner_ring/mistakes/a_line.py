"""You added the coordinates as they are, and $x + y < 0.9$ is a straight line across the plane: far away on its lower
side everything counts as inside. The distance needs the squares."""


def inner_ring(x, y):
    return 1 if x + y < 0.9 else 0
