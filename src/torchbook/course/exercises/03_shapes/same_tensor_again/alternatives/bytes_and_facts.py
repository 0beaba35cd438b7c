import json

import torch


def save_tensor(tensor, path):
    facts = json.dumps({"dtype": str(tensor.dtype)[6:], "shape": list(tensor.shape)})
    numbers = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    path.write_bytes(facts.encode() + b"\n" + numbers)


def load_tensor(path):
    facts, numbers = path.read_bytes().split(b"\n", 1)
    facts = json.loads(facts)
    dtype = getattr(torch, facts["dtype"])
    if not numbers:
        return torch.zeros(facts["shape"], dtype=dtype)
    return torch.frombuffer(bytearray(numbers), dtype=dtype).reshape(facts["shape"])
