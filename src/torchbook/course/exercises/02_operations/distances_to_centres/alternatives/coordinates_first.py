def distances(points, centres):
    gaps = points.T[:, :, None] - centres.T[:, None, :]
    return gaps.pow(2).sum(0).sqrt()
