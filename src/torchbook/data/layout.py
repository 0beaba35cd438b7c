"""What the names of images say: which split each is of, and which class."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from torchbook.data.words import shown
from torchbook.errors import TorchbookError

_ROLES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "valid"),
    **dict.fromkeys(("test", "testing"), "test"),
}


@dataclass(frozen=True)
class Layout:
    """For each name its split and class; the split is "" where it is to be drawn.

    None stands for an image that lies in no class folder or, where there are `train/` and its like, in none of those.
    `deeper` counts those that lie in a folder within their class folder.
    """

    places: list[tuple[str, str] | None]
    deeper: int


def layout(names: Sequence[str]) -> Layout:
    """Reads names such as `cat/1.png` or `train/cat/1.png`, with any folders around the whole.

    The first folder (below the split's) is the class; deeper ones belong to it.
    """
    above = [name.replace("\\", "/").rpartition("/")[0] for name in names]
    # Many files lie in few folders.
    counts = Counter(above)
    whole = list(counts)
    folders = _unwrapped([folder.split("/") if folder else [] for folder in whole])
    split = _is_split(folders)
    places: dict[str, tuple[str, str] | None] = {}
    deeper = 0
    for name, folder in zip(whole, folders):
        role = "" if not split else _ROLES.get(folder[0].lower()) if folder else None
        below = folder[1:] if split else folder
        places[name] = (role, shown(below[0])) if role is not None and below else None
        deeper += counts[name] if places[name] and len(below) > 1 else 0
    return Layout([places[folder] for folder in above], deeper)


def classes_of(path: Path, found: Layout, usable: Iterable[int]) -> dict[str, int]:
    """The names of the classes with training examples among the `usable` ones, in order, with their numbers.

    Raises:
        TorchbookError: there are fewer than two classes.
    """
    places = [found.places[number] for number in usable]
    names = sorted({place[1] for place in places if place and place[0] in ("", "train")})
    expected = "expected a folder of files for each of two or more classes"
    if len(names) < 2:
        what = f"only the class {names[0]!r}" if names else "no class folder with a usable file"
        raise TorchbookError(f"{path}: there is {what}; {expected}")
    if is_role(names):
        raise TorchbookError(f"{path}: {' and '.join(names)} hold no class folders; {expected} in each of them")
    return {name: number for number, name in enumerate(names)}


def is_role(names: Sequence[str]) -> bool:
    """Whether these are all names of splits, which are no names of classes."""
    return bool(names) and all(name.lower() in _ROLES for name in names)


def _unwrapped(folders: list[list[str]]) -> list[list[str]]:
    """Without the folders around everything: `pets/train/cat` and `pets/train/dog` become `cat` and `dog`."""
    while folders and min(map(len, folders)) > 1 and len({folder[0] for folder in folders}) == 1:
        folders = [folder[1:] for folder in folders]
    return folders


def _is_split(folders: list[list[str]]) -> bool:
    """Whether there is `train/CLASS/` and another such; a class may be called "train" (beside "car" and "bus")."""
    roles = {(_ROLES[folder[0].lower()], len(folder) > 1) for folder in folders if is_role(folder[:1])}
    return ("train", True) in roles and len({role for role, _ in roles}) > 1
