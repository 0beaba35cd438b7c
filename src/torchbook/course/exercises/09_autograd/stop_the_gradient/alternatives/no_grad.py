import torch


def predict(x, a, c):
    with torch.no_grad():
        hidden = a * x
    return hidden * c
