"""Where the tensor of the caller requires a gradient already, you used that very tensor, and its `grad` has grown.
`x.detach()` is one of your own."""


def slopes(function, x):
    point = x if x.requires_grad else x.clone().requires_grad_()
    function(point).sum().backward()
    return point.grad
