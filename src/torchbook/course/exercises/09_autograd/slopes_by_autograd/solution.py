def slopes(function, x):
    """How fast function(x), which works value by value, grows with each value of x; x stays as it is."""
    point = x.detach().requires_grad_()
    function(point).sum().backward()
    return point.grad
