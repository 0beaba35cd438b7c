"""You wrote the model as an object, which only code can bring back to life, and that is what makes such files
dangerous. Write `model.state_dict()`, which is tensors alone."""

import torch


def save_weights(model, path):
    torch.save(model, path)


def load_weights(model, path):
    weights = torch.load(path, weights_only=False)
    model.load_state_dict(weights.state_dict() if isinstance(weights, torch.nn.Module) else weights)
