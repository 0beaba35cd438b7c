"""These are the values of the function. The slopes are in `point.grad` after `backward`."""


def slopes(function, x):
    point = x.detach().requires_grad_()
    return function(point).detach()
