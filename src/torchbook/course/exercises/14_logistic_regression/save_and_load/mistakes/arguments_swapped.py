"""The arguments of `torch.save` are the wrong way round: first what, then where."""

import torch


def save_weights(model, path):
    torch.save(path, model.state_dict())


def load_weights(model, path):
    weights = torch.load(path, weights_only=True)
    model.load_state_dict(weights)
