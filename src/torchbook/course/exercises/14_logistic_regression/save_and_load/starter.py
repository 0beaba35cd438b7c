def save_weights(model, path):
    """Writes the weights of a model, its state dict, to a file."""
    raise NotImplementedError


def load_weights(model, path):
    """Reads weights from a file, without running anything in it, and puts them into a model of the same kind."""
    raise NotImplementedError
