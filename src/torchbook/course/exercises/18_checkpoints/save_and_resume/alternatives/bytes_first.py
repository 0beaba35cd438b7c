import io
from pathlib import Path

import torch


def save(path, model, optimizer, scheduler, progress):
    content = io.BytesIO()
    states = [part.state_dict() for part in (model, optimizer, scheduler)]
    torch.save((states, torch.random.get_rng_state(), progress), content)
    beside = Path(f"{path}.new")
    beside.write_bytes(content.getvalue())
    beside.replace(path)


def resume(path, model, optimizer, scheduler):
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    states, chance, progress = torch.load(io.BytesIO(content))
    for part, state in zip((model, optimizer, scheduler), states):
        part.load_state_dict(state)
    torch.random.set_rng_state(chance)
    return progress
