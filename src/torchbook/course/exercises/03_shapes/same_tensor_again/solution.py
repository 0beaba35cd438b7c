import torch


def save_tensor(tensor, path):
    """Writes a tensor to a file, and no more than its own numbers."""
    torch.save(tensor.clone(), path)


def load_tensor(path):
    """The tensor in a file, with its dtype and shape; nothing in the file is run."""
    return torch.load(path, weights_only=True)
