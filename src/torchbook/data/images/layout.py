"""What the names of images say: which split each is of, and which class."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from torchbook.data.phrasing import printable
from torchbook.errors import TorchbookError

_ROLES = {
    **dict.fromkeys(("train", "training", "trainval"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "valid"),
    **dict.fromkeys(("test", "testing"), "test"),
}
# What people add to the name of a split: `training_set`, `testData`, `train-images`.
_FILLERS = re.compile("(data)?sets?|data|images?|imgs?|pictures?|photos?|folder|split")


@dataclass(frozen=True)
class Layout:
    """For each name its split and class; the split is "" where it is to be drawn.

    None stands for an image that lies in no class folder or, where there are `train/` and its like, in none of those.
    `deeper` counts those that lie in a folder within their class folder. `again` are the classes whose folder holds a
    folder for each other class and nothing else: archives are made that have everything in them twice.
    """

    places: list[tuple[str, str] | None]
    deeper: int
    again: frozenset[str] = frozenset()


def layout(names: Sequence[str]) -> Layout:
    """Reads names such as `cat/1.png` or `train/cat/1.png`, with any folders around the whole.

    The first folder (below the split's) is the class; deeper ones belong to it. Folders are splits where one for
    training has folders of classes and one for another split is called the same but for that word: `train` and `test`,
    or `seg_train` and `seg_test`. Words such as "set" and "images" and numbers do not count: `training_set`, `test1`.
    """
    above = [name.replace("\\", "/").rpartition("/")[0] for name in names]
    # Many files lie in few folders.
    counts = Counter(above)
    whole = list(counts)
    folders = [folder.split("/") if folder else [] for folder in whole]
    base = _base(folders, list(counts.values()))
    if base is None:
        folders = _once(_unwrapped(folders))
    else:
        folders = _once([folder[len(base) :] if folder[: len(base)] == base else [] for folder in folders])
    splits = _splits(folders)
    places: dict[str, tuple[str, str] | None] = {}
    inner: dict[str, set[str]] = {}
    deeper = 0
    for name, folder in zip(whole, folders):
        role = "" if not splits else splits.get(folder[0]) if folder else None
        below = folder[1:] if splits else folder
        places[name] = (role, printable(below[0])) if role is not None and below else None
        if place := places[name]:
            inner.setdefault(place[1], set()).update(map(printable, below[1:2] or [""]))
            deeper += counts[name] if len(below) > 1 else 0
    again = frozenset(name for name in inner if len(inner) > 2 and inner[name] == inner.keys() - {name})
    return Layout([places[folder] for folder in above], deeper, again)


def classes_of(path: Path, tree: Layout, usable: Iterable[int]) -> dict[str, int]:
    """The names of the classes with training examples among the `usable` ones, in order, with their numbers.

    Raises:
        TorchbookError: there are fewer than two classes.
    """
    names = _classes(tree, usable)
    if reason := without_classes(tree, usable):
        raise TorchbookError(f"{path}: {reason}")
    return {name: number for number, name in enumerate(names)}


def without_classes(tree: Layout, usable: Iterable[int]) -> str:
    """Says why the folders of the `usable` files are no classes; "" where they are."""
    names = _classes(tree, usable)
    expected = "expected a folder of files for each of two or more classes"
    if len(names) < 2:
        what = f"only the class {names[0]!r}" if names else "no class folder with a usable file"
        return f"there is {what}; {expected}"
    roles = {_role(name) or ("", name) for name in names}
    if all(role for role, _ in roles) and len({others for _, others in roles}) == 1 < len(roles):
        return f"{' and '.join(names)} hold no class folders; {expected} in each of them"
    return ""


def _classes(tree: Layout, usable: Iterable[int]) -> list[str]:
    places = [tree.places[number] for number in usable]
    return sorted({place[1] for place in places if place and place[0] in ("", "train")})


def folder_splits(names: Iterable[str]) -> list[str]:
    """The split of each file by the first of its folders that is called after one; "" for all without training."""
    above = [name.replace("\\", "/").split("/")[:-1] for name in names]
    splits = [next((role for part in parts if (role := role_of(part))), "") for parts in above]
    return splits if "train" in splits and len(set(splits)) > 1 else [""] * len(splits)


def role_of(name: str) -> str | None:
    """The split that a folder or a table is called after, None if there is no or another one."""
    role = _role(name)
    return role[0] if role else None


def _role(name: str) -> tuple[str, str] | None:
    """The split that a folder is called after and the other words of its name; None if there is no or another split."""
    words = re.findall(r"[^\W\d_]+", _FILLERS.sub(" ", name.lower()))
    roles = [_ROLES[word] for word in words if word in _ROLES]
    return (roles[0], " ".join(word for word in words if word not in _ROLES)) if len(roles) == 1 else None


def _splits(folders: list[list[str]]) -> dict[str, str]:
    """The split of each first folder that is one; a class may be called "train" (beside "car" and "bus")."""
    roles = {name: role for name in {folder[0] for folder in folders if folder} if (role := _role(name))}
    with_classes = [roles[folder[0]] for folder in folders if len(folder) > 1 and folder[0] in roles]
    learned = {others for role, others in with_classes if role == "train"}
    tested = {others for role, others in roles.values() if role != "train"}
    return {name: role for name, (role, others) in roles.items() if others in learned & tested}


def _base(folders: list[list[str]], counts: list[int]) -> list[str] | None:
    """The folders around the splits, also where something lies beside them (`data/train/cat`, `docs`); None without.

    It is the uppermost folder that holds splits and most of the files, of which there are `counts` in each folder.
    """
    below: dict[tuple[str, ...], list[list[str]]] = {}
    files: Counter[tuple[str, ...]] = Counter()
    for folder, count in zip(folders, counts):
        for depth in range(len(folder)):
            below.setdefault(tuple(folder[:depth]), []).append(folder[depth:])
            files[tuple(folder[:depth])] += count
    most = sum(counts) / 2
    # Folders come before those within them.
    return next((list(base) for base in below if files[base] > most and _splits(below[base])), None)


def _unwrapped(folders: list[list[str]]) -> list[list[str]]:
    """Without the folders around everything: `pets/train/cat` and `pets/train/dog` become `cat` and `dog`."""
    while folders and min(map(len, folders)) > 1 and len({folder[0] for folder in folders}) == 1:
        folders = [folder[1:] for folder in folders]
    return folders


def _once(folders: list[list[str]]) -> list[list[str]]:
    """Without the second of two folders of one name where the first holds nothing else: archives have `train/train`."""
    inner: dict[str, set[str]] = {}
    for folder in filter(None, folders):
        inner.setdefault(folder[0], set()).update(folder[1:2] or [""])
    return [folder[1:] if folder and inner[folder[0]] == {folder[0]} else folder for folder in folders]
