from safetensors.torch import load_file, save_file


def save_tensor(tensor, path):
    save_file({"tensor": tensor.contiguous()}, path)


def load_tensor(path):
    return load_file(path)["tensor"]
