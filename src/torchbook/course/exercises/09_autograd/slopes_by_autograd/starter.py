def slopes(function, x):
    """How fast function(x), which works value by value, grows with each value of x; x stays as it is."""
    raise NotImplementedError
