"""You wrote the parameters alone. A model can have more that was learned, such as the running means of batch
normalisation: `state_dict()` has it all."""

import torch


def save_weights(model, path):
    torch.save({name: parameter.data for name, parameter in model.named_parameters()}, path)


def load_weights(model, path):
    weights = torch.load(path, weights_only=True)
    model.load_state_dict(weights)
