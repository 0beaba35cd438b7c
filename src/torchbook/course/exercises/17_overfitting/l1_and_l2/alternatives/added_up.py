import torch


def weight_price(model, l1, l2):
    price = 0.0
    for p in model.parameters():
        if p.dim() > 1:
            price = price + l1 * torch.sum(torch.abs(p)) + l2 * torch.sum(p**2)
    return price
