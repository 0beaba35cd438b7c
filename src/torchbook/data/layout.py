"""What the names of pictures say: which split each is of and which class."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

ROLES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation"), "valid"),
    **dict.fromkeys(("test", "testing"), "test"),
}


@dataclass(frozen=True)
class Layout:
    """For each name its split ("train", "valid", "test", or "" where it is to be drawn) and class, or None.

    None is a picture that lies in no class folder or, where there are `train/` and its like, in none of those.
    """

    places: list[tuple[str, str] | None]
    deeper: int

    @property
    def roles(self) -> set[str]:
        """The splits that the names give."""
        return {place[0] for place in self.places if place}


def layout(names: Sequence[str]) -> Layout:
    """Reads class-per-folder names, with or without `train/`, `valid/`, `test/` above and with any folder around them.

    The first folder (below the split's) is the class; deeper ones belong to it.
    """
    folders = [PurePosixPath(name.replace("\\", "/")).parts[:-1] for name in names]
    folders = _unwrapped(folders)
    split = _is_split(folders)
    places: list[tuple[str, str] | None] = []
    deeper = 0
    for parts in folders:
        role, inner = (ROLES.get(parts[0].lower()), parts[1:]) if split and parts else ("", parts)
        places.append((role, inner[0]) if role is not None and inner else None)
        deeper += places[-1] is not None and len(inner) > 1
    return Layout(places, deeper)


def _unwrapped(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without the folders that hold everything: `pets/train/cat` and `pets/train/dog` become `cat` and `dog`."""
    while folders and len({parts[:1] for parts in folders}) == 1 and min(map(len, folders)) > 1:
        folders = [parts[1:] for parts in folders]
    return folders


def _is_split(folders: list[tuple[str, ...]]) -> bool:
    """Whether there are `train/CLASS/` and another such; a class may be called "train" (beside "car" and "bus")."""
    depth = Counter(
        (ROLES[parts[0].lower()], len(parts) > 1) for parts in folders if parts and parts[0].lower() in ROLES
    )
    roles = {role for role, _ in depth}
    return depth["train", True] > 0 and len(roles) > 1
