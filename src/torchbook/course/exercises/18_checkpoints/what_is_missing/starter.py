def what_is_missing(model, weights):
    """The names that are missing in the weights, unexpected there, and of another shape than in the model."""
    raise NotImplementedError
