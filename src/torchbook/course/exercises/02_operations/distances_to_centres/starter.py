def distances(points, centres):
    """Distances [points, centres] of points [points, coordinates] to centres [centres, coordinates]."""
    raise NotImplementedError
