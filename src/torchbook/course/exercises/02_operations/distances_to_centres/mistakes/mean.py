"""You took the mean over the coordinates, so every distance is too short. Asked for is their sum."""


def distances(points, centres):
    return (points[:, None] - centres).square().mean(dim=2).sqrt()
