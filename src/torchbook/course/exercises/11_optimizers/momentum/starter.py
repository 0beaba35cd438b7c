def momentum_step(weights, gradient, velocity, learning_rate, momentum):
    """New weights and the new velocity after one step; all tensors have the same shape."""
    raise NotImplementedError
