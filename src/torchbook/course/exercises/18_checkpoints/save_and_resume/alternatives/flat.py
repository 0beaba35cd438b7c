import os

import torch


def save(path, model, optimizer, scheduler, progress):
    everything = {**progress}
    everything["the model"] = {name: value.clone() for name, value in model.state_dict().items()}
    everything["the optimizer"] = optimizer.state_dict()
    everything["the scheduler"] = scheduler.state_dict()
    everything["chance"] = torch.get_rng_state()
    torch.save(everything, path.parent / "unfinished")
    os.replace(path.parent / "unfinished", path)  # noqa: PTH105


def resume(path, model, optimizer, scheduler):
    if path.is_file():
        everything = torch.load(path, weights_only=True)
        scheduler.load_state_dict(everything.pop("the scheduler"))
        optimizer.load_state_dict(everything.pop("the optimizer"))
        model.load_state_dict(everything.pop("the model"), strict=True)
        torch.set_rng_state(everything.pop("chance"))
        return everything
    return None
