import torch


def save_tensor(tensor, path):
    path.write_bytes(tensor.float().numpy().tobytes())


def load_tensor(path):
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=torch.float32)
