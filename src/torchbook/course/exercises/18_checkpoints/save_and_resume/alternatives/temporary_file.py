import os
import tempfile
from pathlib import Path

import torch

NAMES = ("model", "optimizer", "scheduler")


def save(path, model, optimizer, scheduler, progress):
    parts = (model, optimizer, scheduler)
    checkpoint = {"progress": progress, "generator": torch.default_generator.get_state()}
    checkpoint.update((name, part.state_dict()) for name, part in zip(NAMES, parts))
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            torch.save(checkpoint, file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(path)
    except BaseException:
        Path(name).unlink()
        raise


def resume(path, model, optimizer, scheduler):
    if not path.is_file():
        return None
    with path.open("rb") as file:
        checkpoint = torch.load(file, weights_only=True, map_location="cpu")
    for name, part in zip(NAMES, (model, optimizer, scheduler)):
        part.load_state_dict(checkpoint.pop(name))
    torch.default_generator.set_state(checkpoint["generator"])
    return checkpoint["progress"]
