"""`backward` needs a single number to begin with, and `function(x)` has many. Add them up: each slope stays what it
is."""


def slopes(function, x):
    point = x.detach().requires_grad_()
    function(point).backward()
    return point.grad
