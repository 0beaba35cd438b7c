"""You worked on the tensor of the caller: now it requires a gradient, and gradients add up in its `grad`. Take one of
your own, `x.detach()`."""


def slopes(function, x):
    point = x.requires_grad_()
    function(point).sum().backward()
    return point.grad
