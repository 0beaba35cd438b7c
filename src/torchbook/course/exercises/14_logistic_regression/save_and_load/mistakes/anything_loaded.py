"""With `weights_only=False` a file may run whatever code is in it: this one did. Read with `weights_only=True`."""

import torch


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    weights = torch.load(path, weights_only=False)
    model.load_state_dict(weights)
