def mlp_of_depth(inputs, width, depth, outputs):
    """Returns a chain of `depth` hidden layers with ReLU and a last layer for the scores, for pictures."""
    raise NotImplementedError
