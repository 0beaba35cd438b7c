"""Your slopes are too small by the number of points, because you took the mean. In the sum each $f(x_i)$ counts
fully."""


def slopes(function, x):
    point = x.detach().requires_grad_()
    function(point).mean().backward()
    return point.grad
