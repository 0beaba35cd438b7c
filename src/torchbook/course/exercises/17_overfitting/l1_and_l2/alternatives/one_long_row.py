import torch


def weight_price(model, l1, l2):
    row = torch.cat([p.flatten() for p in model.parameters() if len(p.shape) != 1])
    return torch.linalg.vector_norm(row, 1) * l1 + (row @ row) * l2
