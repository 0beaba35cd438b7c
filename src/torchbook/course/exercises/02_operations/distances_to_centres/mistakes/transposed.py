"""Your rows belong to the centres. One row for each *point* is asked for: give the points the new dimension at place
1, or take the transpose."""


def distances(points, centres):
    return (centres[:, None] - points).square().sum(dim=2).sqrt()
