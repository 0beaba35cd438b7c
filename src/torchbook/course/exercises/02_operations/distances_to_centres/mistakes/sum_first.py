"""You added the differences before you squared them, so that a step east and a step west cancel. Square each one
first."""


def distances(points, centres):
    return (points[:, None] - centres).sum(dim=2).square().sqrt()
