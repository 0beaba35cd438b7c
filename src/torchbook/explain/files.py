"""Files: weights that do not belong to the model, checkpoints that may not be opened or are not there."""

import re

from torchbook.explain.rule import Found, Row


def _list(names: str, most: int = 4) -> str:
    found = re.findall(r'"([^"]+)"', names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(f"`{name}`" for name in found[:most]) + more


def _state(found: Found) -> str:
    told = found["told"]
    parts = []
    if missing := re.search(r"Missing key\(s\) in state_dict: (.*)", told):
        parts.append(f"the model expects {_list(missing[1])}, which the weights lack")
    if unexpected := re.search(r"Unexpected key\(s\) in state_dict: (.*)", told):
        parts.append(f"the weights hold {_list(unexpected[1])}, which the model has not")
    sizes = re.findall(
        r"size mismatch for ([\w.]+): copying a param with shape torch\.Size\((\[[\d, ]*\])\) from checkpoint, "
        r"the shape in current model is torch\.Size\((\[[\d, ]*\])\)",
        told,
    )
    parts += [f"`{name}` has shape {have} in the weights and {want} in the model" for name, have, want in sizes[:3]]
    return f"The weights do not belong to this model (`{found['model']}`): {'; '.join(parts) or 'its layers differ'}."


def _state_fix(found: Found) -> str:
    if '"module.' in found["told"]:
        return (
            "The names begin with `module.` because they were saved from a wrapped model; take it off: "
            "`{name.removeprefix('module.'): value for name, value in weights.items()}`."
        )
    if "size mismatch" in found["told"]:
        return (
            "Build the model with the same numbers as the one that was saved (features, classes, channels), then load."
        )
    return (
        "Build the same model as the one that was saved: same layers under the same names. A checkpoint holds numbers, "
        "not the code of the model."
    )


ROWS = (
    Row(
        "other-weights",
        "file",
        r"(?s)Error\(s\) in loading state_dict for (?P<model>\w+):(?P<told>.*)",
        _state,
        _state_fix,
        ("state dict", "checkpoint"),
    ),
    Row(
        "not-a-state-dict",
        "file",
        r"Expected state_dict to be dict-like, got <class '(?P<type>[\w.]+)'>",
        "`load_state_dict` takes the loaded weights (a dictionary of names and tensors), not a `{type}`.",
        "Load the file first, `model.load_state_dict(torch.load(path, weights_only=True))`; of a model take "
        "`other.state_dict()`.",
        ("state dict", "checkpoint"),
    ),
    Row(
        "other-optimizer",
        "file",
        r"loaded state dict (?:has a different number of parameter groups|contains a parameter group that doesn't "
        r"match the size of optimizer's group)",
        "The saved state of the optimizer belongs to another list of parameters.",
        "Build the model and the optimizer exactly as when they were saved, then load both.",
        ("optimizer", "state dict", "checkpoint"),
    ),
    Row(
        "not-only-weights",
        "file",
        r"Weights only load failed|Unsupported global: GLOBAL (?P<name>[\w.]+)",
        "This file holds more than numbers: it was saved with Python objects, and opening those can run foreign code, "
        "so torch refuses.",
        "Save only the weights, `torch.save(model.state_dict(), path)`, and load those into a model that you build "
        "yourself. Never set `weights_only=False` for a file of a stranger.",
        ("checkpoint", "state dict"),
    ),
    Row(
        "weights-of-a-gpu",
        "device",
        r"Attempting to deserialize object on a CUDA device but torch\.cuda\.is_available\(\) is False",
        "The weights were saved from a GPU, and this machine has none.",
        "Say where they should go: `torch.load(path, map_location='cpu', weights_only=True)`.",
        ("device", "checkpoint"),
    ),
    Row(
        "damaged-file",
        "file",
        r"PytorchStreamReader failed|^EOFError: (?!EOF when reading a line)|Error while deserializing header"
        r"|invalid load key|^UnpicklingError: ",
        "This file is no complete file of torch: it is empty, was cut off while it was saved or copied, or is of "
        "another kind.",
        "Look at its size and where it comes from; save or download it again.",
        ("checkpoint",),
    ),
    Row(
        "missing-folder",
        "file",
        r"Parent directory (?P<folder>.+) does not exist",
        "The folder `{folder}` does not exist, so nothing can be saved there.",
        "Make it first: `Path(path).parent.mkdir(parents=True, exist_ok=True)`.",
        ("checkpoint",),
    ),
    Row(
        "missing-file",
        "file",
        r"^FileNotFoundError: (?:\[Errno 2\] )?No such file or directory: '?(?P<path>[^']+?)'?$",
        "There is no file `{path}`.",
        "A path that does not begin with `/` is looked up from the current folder: print `Path.cwd()` and check the "
        "spelling.",
    ),
    Row(
        "folder-instead-of-file",
        "file",
        r"^IsADirectoryError: .*: '(?P<path>[^']+)'",
        "`{path}` is a folder, and a file was expected.",
        "Add the name of the file.",
    ),
    Row(
        "not-a-picture",
        "file",
        r"cannot identify image file (?P<path>.+)",
        "{path} is no picture that can be read; perhaps it is damaged or of another kind.",
        "Open it in another program, or leave it out.",
    ),
)
