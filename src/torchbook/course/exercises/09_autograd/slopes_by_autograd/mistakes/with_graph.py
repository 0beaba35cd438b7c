"""Your slopes are still part of a graph. Only to take the slope of a slope is that of use: leave out
`create_graph=True`, or `detach()`."""

import torch


def slopes(function, x):
    point = x.detach().requires_grad_()
    (slope,) = torch.autograd.grad(function(point).sum(), point, create_graph=True)
    return slope if slope.requires_grad else slope.requires_grad_()
