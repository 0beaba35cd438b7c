import torch


def save_weights(model, path):
    """Writes the weights of a model, its state dict, to a file."""
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    """Reads weights from a file, without running anything in it, and puts them into a model of the same kind."""
    weights = torch.load(path, weights_only=True)
    model.load_state_dict(weights)
