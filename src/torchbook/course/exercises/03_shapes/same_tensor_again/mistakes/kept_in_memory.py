KEPT = {}


def save_tensor(tensor, path):
    KEPT[path] = tensor.clone()
    path.write_bytes(b"")


def load_tensor(path):
    return KEPT[path]
