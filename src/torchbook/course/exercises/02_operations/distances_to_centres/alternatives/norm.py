import torch


def distances(points, centres):
    return torch.linalg.vector_norm(centres.unsqueeze(1) - points.unsqueeze(0), dim=-1).T
