import torch


def from_array(array):
    return torch.from_numpy(array).to(torch.float32, copy=True)


def to_array(tensor):
    return tensor.detach().clone().numpy()
