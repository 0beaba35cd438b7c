"""Nobody told autograd that you would ask. Call `requires_grad_()` on your tensor before you compute with it."""


def slopes(function, x):
    point = x.detach()
    function(point).sum().backward()
    return point.grad
