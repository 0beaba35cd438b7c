import torch


def save_weights(model, path):
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    with path.open("wb") as file:
        torch.save(weights, file)


def load_weights(model, path):
    with path.open("rb") as file:
        model.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
