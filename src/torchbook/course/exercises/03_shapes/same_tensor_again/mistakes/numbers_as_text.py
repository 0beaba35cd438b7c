import json

import torch


def save_tensor(tensor, path):
    facts = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
    path.write_text(json.dumps({**facts, "numbers": tensor.flatten().tolist()}))


def load_tensor(path):
    facts = json.loads(path.read_text())
    return torch.tensor(facts["numbers"], dtype=getattr(torch, facts["dtype"])).reshape(facts["shape"])
