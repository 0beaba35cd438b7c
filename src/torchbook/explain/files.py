"""Rules for errors of files: weights of another model, checkpoints that are missing or must not be opened."""

import re

from torchbook.explain.rule import Match, Rule


def _list(names: str, most: int = 4) -> str:
    quoted = re.findall(r'"([^"]+)"', names)
    more = f" and {len(quoted) - most} more" if len(quoted) > most else ""
    return ", ".join(f"`{name}`" for name in quoted[:most]) + more


def _state(match: Match) -> str:
    details = match["details"]
    parts = []
    if missing := re.search(r"Missing key\(s\) in state_dict: (.*)", details):
        parts.append(f"the model expects {_list(missing[1])}, which the weights lack")
    if unexpected := re.search(r"Unexpected key\(s\) in state_dict: (.*)", details):
        parts.append(f"the weights hold {_list(unexpected[1])}, which the model does not have")
    sizes = re.findall(
        r"size mismatch for ([\w.]+): copying a param with shape torch\.Size\((\[[\d, ]*\])\) from checkpoint, "
        r"the shape in current model is torch\.Size\((\[[\d, ]*\])\)",
        details,
    )
    parts += [f"`{name}` has shape {have} in the weights and {want} in the model" for name, have, want in sizes[:3]]
    return f"The weights do not belong to this model (`{match['model']}`): {'; '.join(parts) or 'its layers differ'}."


def _state_fix(match: Match) -> str:
    if '"module.' in match["details"]:
        return (
            "The names begin with `module.` because they were saved from a wrapped model; take it off: "
            "`{name.removeprefix('module.'): value for name, value in weights.items()}`."
        )
    if "size mismatch" in match["details"]:
        return (
            "Build the model with the same numbers as the one that was saved (features, classes, channels), then load."
        )
    return (
        "Build the same model as the one that was saved: same layers under the same names. A checkpoint holds numbers, "
        "not the code of the model."
    )


RULES = (
    Rule(
        "other-weights",
        "file",
        r"(?s)Error\(s\) in loading state_dict for (?P<model>\w+):(?P<details>.*)",
        _state,
        _state_fix,
        ("state dict", "checkpoint"),
    ),
    Rule(
        "not-a-state-dict",
        "file",
        r"Expected state_dict to be dict-like, got <class '(?P<type>[\w.]+)'>",
        "`load_state_dict` takes the loaded weights (a dictionary of names and tensors), not a `{type}`.",
        "Load the file first, `model.load_state_dict(torch.load(path, weights_only=True))`; of a model take "
        "`other.state_dict()`.",
        ("state dict", "checkpoint"),
    ),
    Rule(
        "other-optimizer",
        "file",
        r"loaded state dict (?:has a different number of parameter groups|contains a parameter group that doesn't "
        r"match the size of optimizer's group)",
        "The saved state of the optimizer belongs to another list of parameters.",
        "Build the model and the optimizer exactly as when they were saved, then load both.",
        ("optimizer", "state dict", "checkpoint"),
    ),
    Rule(
        "not-only-weights",
        "file",
        r"Weights only load failed|Unsupported global: GLOBAL (?P<name>[\w.]+)",
        "This file holds more than numbers: it was saved with Python objects, and opening those can run foreign code, "
        "so torch refuses.",
        "Save only the weights, `torch.save(model.state_dict(), path)`, and load those into a model that you build "
        "yourself. Never set `weights_only=False` for a file of a stranger.",
        ("checkpoint", "state dict"),
    ),
    Rule(
        "weights-of-a-gpu",
        "device",
        r"Attempting to deserialize object on a CUDA device but torch\.cuda\.is_available\(\) is False",
        "The weights were saved from a GPU, and this machine has none.",
        "Say where they should go: `torch.load(path, map_location='cpu', weights_only=True)`.",
        ("device", "checkpoint"),
    ),
    Rule(
        "damaged-file",
        "file",
        r"PytorchStreamReader failed|^EOFError: (?!EOF when reading a line)|Error while deserializing header"
        r"|invalid load key|^UnpicklingError: ",
        "This file is not a complete file of torch: it is empty, was cut off while it was saved or copied, or is of "
        "another kind.",
        "Look at its size and where it comes from; save or download it again.",
        ("checkpoint",),
    ),
    Rule(
        "missing-folder",
        "file",
        r"Parent directory (?P<folder>.+) does not exist",
        "The folder `{folder}` does not exist, so nothing can be saved there.",
        "Make it first: `Path(path).parent.mkdir(parents=True, exist_ok=True)`.",
        ("checkpoint",),
    ),
    Rule(
        "missing-file",
        "file",
        r"^FileNotFoundError: (?:\[Errno 2\] )?No such file or directory: '?(?P<path>[^']+?)'?$",
        "There is no file `{path}`.",
        "A path that does not begin with `/` is looked up from the current folder: print `Path.cwd()` and check the "
        "spelling.",
    ),
    Rule(
        "folder-instead-of-file",
        "file",
        r"^IsADirectoryError: .*: '(?P<path>[^']+)'",
        "`{path}` is a folder, and a file was expected.",
        "Add the name of the file.",
    ),
    Rule(
        "not-a-picture",
        "file",
        r"cannot identify image file (?P<path>.+)",
        "{path} is not a picture that can be read; perhaps it is damaged or of another kind.",
        "Open it in another program, or leave it out.",
    ),
)
