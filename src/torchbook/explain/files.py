"""Rules for errors of files: weights of another model, checkpoints that are missing or must not be opened."""

import re
from collections.abc import Mapping
from pathlib import Path

import torch

from torchbook.explain.failing_code import text_of
from torchbook.explain.first_bytes import kind_of
from torchbook.explain.near_names import nearest
from torchbook.explain.objects import is_state_dict
from torchbook.explain.rule import Match, Rule

# How a file is read that holds no weights, or no weights any more.
_HOW = {
    "a web page": "download the file itself again (the address led to a page, perhaps an error)",
    "an array of NumPy": "read it with `torch.from_numpy(np.load(path))`",
    "a pointer of Git LFS, not the file itself": "fetch the file itself: `git lfs pull`",
    "a file of HDF5, as Keras writes it": "its weights belong to another library; take weights saved by PyTorch",
    "a picture": "open it with `Image.open(path)`",
    "a packed file (gzip)": "unpack it first",
}


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


def _renamed(details: str) -> str:
    """Returns the advice for weights in which one layer has another name, "" if more differs."""
    missing = re.search(r"Missing key\(s\) in state_dict: (.*)", details)
    unexpected = re.search(r"Unexpected key\(s\) in state_dict: (.*)", details)
    if not missing or not unexpected or "size mismatch" in details:
        return ""
    wanted, given = (re.findall(r'"([^"]+)"', names[1]) for names in (missing, unexpected))
    new, old = ({name.rpartition(".")[0] for name in names} for names in (wanted, given))
    if len(new) == len(old) == 1 and len(wanted) == len(given):
        a, b = old.pop(), new.pop()
        return (
            f"If the layer `{a}` of the weights is what is called `{b}` here: give it the same name, or rename the"
            f" weights, `{{name.replace('{a}.', '{b}.'): value for name, value in weights.items()}}`."
        )
    return ""


def _checkpoint(match: Match) -> str:
    """Returns the name of the entry with the weights, if a whole checkpoint was given in their place."""
    given = match.context.arguments.get("state_dict")
    if isinstance(given, Mapping):
        return next((name for name, value in given.items() if is_state_dict(value)), "")
    unexpected = re.search(r"Unexpected key\(s\) in state_dict: (.*)", match["details"])
    names = re.findall(r'"([^"]+)"', unexpected[1]) if unexpected else []
    return next((name for name in names if "state_dict" in name or name in ("model", "weights")), "")


def _state_fix(match: Match) -> str:
    if entry := _checkpoint(match):
        return (
            "This is a whole checkpoint, and the weights are one entry of it: "
            f"`model.load_state_dict(checkpoint['{entry}'])`."
        )
    if '"module.' in match["details"]:
        return (
            "The names begin with `module.` because they were saved from a wrapped model; take it off: "
            "`{name.removeprefix('module.'): value for name, value in weights.items()}`."
        )
    if renamed := _renamed(match["details"]):
        return renamed
    if "size mismatch" in match["details"]:
        return (
            "Build the model with the same numbers as the one that was saved (features, classes, channels), then load."
        )
    return (
        "Build the same model as the one that was saved: same layers under the same names. A checkpoint holds numbers, "
        "not the code of the model."
    )


def _beginning(match: Match) -> bytes:
    """Returns the first bytes of the file that was to be loaded; none if it cannot be found."""
    for name in ("f", "path", "file"):
        path = match.context.arguments.get(name)
        if isinstance(path, str | Path) and Path(path).is_file():
            with Path(path).open("rb") as file:
                return file.read(64).lstrip()
    call = match.context.code.call
    path = match.context.code.value(call.args[0]) if call and call.args else None
    if isinstance(path, str | Path) and Path(path).is_file():
        return Path(path).read_bytes()[:64].lstrip()
    return b""


def _kind(match: Match) -> tuple[str, str] | None:
    start = _beginning(match)
    if start[8:9] == b"{" and start[:1] != b"{":
        return "weights in the format safetensors", "load them with `safetensors.torch.load_file(path)`"
    if start[:2] == b"PK" and type(match.error).__name__ == "SafetensorError":
        return "weights as `torch.save` writes them", "load them with `torch.load(path, weights_only=True)`"
    if start[:1] in (b"{", b"["):
        return "a text (JSON)", "read it with `json.load(file)`"
    kind = kind_of(start)
    return (kind, _HOW[kind]) if kind in _HOW else None


def _is_another_kind(match: Match) -> bool:
    return _kind(match) is not None


def _another_kind(match: Match) -> str:
    kind = (_kind(match) or ("", ""))[0]
    if kind.startswith("weights"):
        return f"The file holds {kind}, and another function reads those."
    return f"This is no file of weights but {kind}."


def _another_kind_fix(match: Match) -> str:
    how = (_kind(match) or ("", ""))[1]
    return f"{how[:1].upper()}{how[1:]}."


def _strange_path(path: str) -> str:
    """Returns what is wrong with a path that holds signs which cannot be seen, "" if nothing is."""
    if re.search(r"\\[tnrbfav0x]|[\t\n\r\x07\x08\x0b\x0c]", path) and not re.search(r"\\\\", path):
        return (
            "In a string `\\t`, `\\n` and others are special characters, so the path is not what it looks like: write"
            ' it with an `r` before it, `r"data\\train.csv"`, or with `/`.'
        )
    return ""


def _not_a_picture_fix(match: Match) -> str:
    path = match["path"].strip("'\"")
    if Path(path).name.startswith(".") or path.endswith((".db", ".txt", ".csv", ".json")):
        return (
            f"`{Path(path).name}` is a file of the system or of another kind beside the pictures: take pictures only, "
            "such as `sorted(folder.glob('*.png'))`, or ask `path.suffix in ('.png', '.jpg')`."
        )
    if Path(path).is_file():
        with Path(path).open("rb") as file:
            start = file.read(64).lstrip()
        if (kind := kind_of(start)) in _HOW:
            return f"It is {kind}: {_HOW[kind]}."
        if not start:
            return "The file is empty: save or download it again."
    return "Open it in another program; download it again if it cannot be opened there either, or leave it out."


def _missing_path(match: Match) -> Path:
    return Path(match["path"])


def _missing_file(match: Match) -> str:
    path = _missing_path(match)
    if _writes(match):
        return f"The folder `{path.parent}` does not exist, so nothing can be saved there."
    return f"There is no {'folder' if _lists(match) else 'file'} `{match['path']}`."


def _lists(match: Match) -> bool:
    """Returns True if a folder was to be gone through."""
    call = match.context.code.call
    return call is not None and text_of(call.func).rpartition(".")[2] in ("listdir", "scandir", "iterdir", "chdir")


def _writes(match: Match) -> bool:
    """Returns True if a file should be made, in a folder that is not there."""
    parent = _missing_path(match).parent
    if parent.exists() or str(parent) in ("", "."):
        return False
    call = match.context.code.call
    function = text_of(call.func) if call else ""
    modes = (
        [match.context.code.value(node) for node in (*call.args[1:], *(item.value for item in call.keywords))]
        if call
        else []
    )
    saves = ("savefig", "save", "to_csv", "write_text", "write_bytes", "savetxt", "mkdir", "imsave", "imwrite")
    return function.rpartition(".")[2] in saves or any(isinstance(mode, str) and mode[:1] in "wax" for mode in modes)


def _missing_file_fix(match: Match) -> str:
    path = _missing_path(match)
    if strange := _strange_path(match["path"]):
        return strange
    if match["path"].startswith(("http://", "https://", "http:/", "https:/")):
        return "This is an address of the web, no file: download it first, `urllib.request.urlretrieve(address, path)`."
    if _writes(match):
        return f"Make it first: `Path('{path.parent}').mkdir(parents=True, exist_ok=True)`."
    if path.parent.is_dir():
        names = [item.name for item in path.parent.iterdir() if item.is_dir() or not _lists(match)]
        if near := nearest(path.name, names):
            return f"Did you mean `{path.parent / near}`?"
    if not path.is_absolute():
        for folder in (item for item in Path.cwd().iterdir() if item.is_dir()):
            if (folder / path.name).exists():
                return (
                    f"It lies in the folder `{folder.name}`: names from a folder need that folder before them, "
                    f"`Path('{folder.name}') / name`."
                )
    return (
        "A path that does not begin with `/` is looked up from the current folder: print `Path.cwd()` and check the "
        "spelling."
    )


RULES = (
    Rule(
        "only-tensors-in-safetensors",
        "file",
        r"Key `(?P<key>[^`]+)` is invalid, expected torch\.Tensor but received <class '(?P<type>[\w.]+)'>",
        "A file of safetensors holds tensors only, but `{key}` is of type `{type}`.",
        "Make a tensor of it, `torch.tensor(value)`, or save it as a string beside the tensors: `save_file(tensors,"
        ' path, metadata={{"{key}": str(value)}})`.',
        ("tensor",),
    ),
    Rule(
        "file-of-another-kind",
        "file",
        r"Weights only load failed|PytorchStreamReader failed|invalid load key|^UnpicklingError: |Invalid magic number"
        r"|Error while deserializing header",
        _another_kind,
        _another_kind_fix,
        ("checkpoint",),
        when=_is_another_kind,
    ),
    Rule(
        "not-a-file-of-weights",
        "file",
        r"^KeyError: \d+$",
        "This is no file that `torch.save` wrote.",
        "Read it with what wrote it: `Path(path).read_text()` for a text, `np.load(path)` for an array.",
        ("checkpoint",),
        when=lambda match: match.context.code.callee is torch.load,
    ),
    Rule(
        "saved-in-wrong-order",
        "python",
        r"expected 'f' to be string, path, or a file-like object with a 'write' attribute",
        "`torch.save` takes what is to be saved first and the path second.",
        "Exchange the two: `torch.save(model.state_dict(), path)`.",
        ("state dict",),
    ),
    Rule(
        "loaded-in-wrong-order",
        "python",
        r"expected 'f' to be string, path, or a file-like object with a 'read' attribute|'(?P<type>[\w.]+)' object"
        r" has no "
        r"attribute '(?:seek|readinto|read|tell)'",
        "`torch.load` takes the path of a file, but was given something else.",
        "Give the path: `torch.load('weights.pth', weights_only=True)`; weights that are in memory need no loading, "
        "`model.load_state_dict(weights)`.",
        ("state dict",),
        when=lambda match: bool(match.context.arguments) or "expected 'f'" in str(match.error),
    ),
    Rule(
        "pickle-of-torch",
        "file",
        r"persistent id instruction was encountered|persistent_load function",
        "This file was written by `torch.save`, and the module `pickle` alone cannot read it.",
        "Read it with `torch.load(path, weights_only=True)`.",
        ("checkpoint",),
    ),
    Rule(
        "not-a-file-of-torch",
        "file",
        r"Invalid magic number; corrupt file",
        "This file was not written by `torch.save`, or it is damaged.",
        "Read it with what wrote it (a pickle of your own: `pickle.load(file)`), or save it again.",
        ("checkpoint",),
    ),
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
        lambda match: (
            "The brackets are missing: `other.state_dict()`."
            if match["type"] in ("method", "function")
            else (
                "Load the file first: `model.load_state_dict(torch.load(path, weights_only=True))`."
                if match["type"] in ("str", "pathlib.PosixPath", "pathlib.WindowsPath")
                else (
                    "Of a model take its weights, `other.state_dict()`; of a file load them first, "
                    "`torch.load(path, weights_only=True)`."
                )
            )
        ),
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
        "yourself.",
        ("checkpoint", "state dict"),
    ),
    Rule(
        "weights-of-a-gpu",
        "device",
        r"Attempting to deserialize object on a CUDA device but torch\.cuda\.is_available\(\) is False",
        lambda match: (
            "The weights should go to a GPU (`map_location`), and this machine has none."
            if (call := match.context.code.call) is not None
            and any(item.arg == "map_location" for item in call.keywords)
            else "The weights were saved from a GPU, and this machine has none."
        ),
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
        r"^FileNotFoundError: (?:(?:\[(?:Errno|WinError) \d+\] )?[^:]+: '?(?P<path>[^']+?)'?$|(?P<path2>\S+) not"
        r" found\.?$)",
        _missing_file,
        _missing_file_fix,
    ),
    Rule(
        "folder-instead-of-file",
        "file",
        r"^IsADirectoryError: .*: '(?P<path>[^']+)'",
        "`{path}` is a folder, and a file was expected.",
        "Add the name of the file.",
    ),
    Rule(
        "not-a-folder",
        "file",
        r"^NotADirectoryError: .*: '(?P<path>[^']+)'",
        "`{path}` is a file, or a part of it is, and a folder was expected.",
        "Loop over folders only: `for folder in path.iterdir(): if folder.is_dir():`.",
    ),
    Rule(
        "already-there",
        "file",
        r"^FileExistsError: .*: '(?P<path>[^']+)'",
        "`{path}` is there already.",
        "Allow it: `Path(path).mkdir(exist_ok=True)`; or choose another name.",
    ),
    Rule(
        "not-allowed",
        "file",
        r"^PermissionError: .*: '(?P<path>[^']+)'",
        "This program may not use `{path}`: it belongs to somebody else, is open in another program, or is a folder.",
        "Choose a folder of your own, and add the name of a file to it.",
    ),
    Rule(
        "not-a-picture",
        "file",
        r"cannot identify image file (?P<path>.+)",
        "{path} is not a picture that can be read; perhaps it is damaged or of another kind.",
        _not_a_picture_fix,
    ),
)
