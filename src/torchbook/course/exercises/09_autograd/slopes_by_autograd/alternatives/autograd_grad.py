import torch


def slopes(function, x):
    point = x.clone().detach()
    point.requires_grad = True
    y = function(point)
    return torch.autograd.grad(y, point, grad_outputs=torch.ones_like(y))[0]
