import json

import torch


def save_tensor(tensor, path):
    path.write_bytes(bytes(tensor.contiguous().reshape(-1).view(torch.uint8).tolist()))
    facts = {"dtype": str(tensor.dtype).removeprefix("torch."), "shape": list(tensor.shape)}
    path.with_suffix(".json").write_text(json.dumps(facts))


def load_tensor(path):
    facts = json.loads(path.with_suffix(".json").read_text())
    numbers = torch.tensor(list(path.read_bytes()), dtype=torch.uint8)
    return numbers.view(getattr(torch, facts["dtype"])).reshape(facts["shape"])
