"""You added the sizes of the differences, which is the way along the streets. The straight way squares them, adds,
and takes the root *after* the sum."""


def distances(points, centres):
    return (points[:, None] - centres).abs().sum(dim=2)
