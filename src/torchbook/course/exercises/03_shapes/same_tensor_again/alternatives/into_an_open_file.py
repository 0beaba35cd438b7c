import torch


def save_tensor(tensor, path):
    own = torch.empty_like(tensor, memory_format=torch.contiguous_format)
    own.copy_(tensor)
    with path.open("wb") as file:
        torch.save({"tensor": own}, file)


def load_tensor(path):
    with path.open("rb") as file:
        return torch.load(file, weights_only=True, map_location="cpu")["tensor"]
