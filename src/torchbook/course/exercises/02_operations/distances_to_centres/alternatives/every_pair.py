def distances(points, centres):
    n, m = len(points), len(centres)
    left = points.repeat_interleave(m, dim=0)
    right = centres.repeat(n, 1)
    return ((left - right) ** 2).sum(-1).reshape(n, m) ** 0.5
