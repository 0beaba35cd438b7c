def gradient_descent_step(parameters, loss, learning_rate):
    """Moves each of a list of parameters downhill, in place, and returns the loss as a float."""
    raise NotImplementedError
