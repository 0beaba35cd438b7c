def distances(points, centres):
    """Distances [points, centres] of points [points, coordinates] to centres [centres, coordinates]."""
    gaps = points[:, None] - centres
    return gaps.square().sum(dim=2).sqrt()
