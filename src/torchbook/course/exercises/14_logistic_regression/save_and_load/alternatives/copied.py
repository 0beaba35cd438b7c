import torch


def save_weights(model, path):
    torch.save(dict(model.state_dict()), str(path))


@torch.no_grad()
def load_weights(model, path):
    weights, own = torch.load(path, weights_only=True), model.state_dict()
    if weights.keys() != own.keys():
        raise RuntimeError(f"{path} holds {list(weights)}, expected {list(own)}")
    for name, tensor in own.items():
        tensor.copy_(weights[name])
