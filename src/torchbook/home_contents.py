"""What lies in the folder for all that torchbook keeps, and how much of it can be freed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from torchbook.command_answer import Answer
from torchbook.home import home

# What is made again when it is needed, without a network and without anybody's work in it.
_MADE_AGAIN = {
    "packs": "data sets as they are read fastest, and drawn pictures",
    "cards": "the cards and pictures of data sets",
    "faces": "typefaces of the pages",
    "features": "what pretrained networks made of pictures",
    "judges": "classifiers that say how good a generator is",
    "authoring": "what freezing a lesson has left",
}
_KEPT = {
    "runs": "trained models",
    "workspace": "your answers and your progress",
    "downloads": "data sets that came over the network",
    "tours": "reports of tours",
    "machine.json": "what was measured of this machine",
}


@dataclass(frozen=True)
class Content:
    """A file or folder in the home: its size in bytes, what it is, and whether it is made again when it is needed."""

    path: Path
    size: int
    about: str
    made_again: bool


def contents() -> list[Content]:
    """Returns what lies in the home, the largest first. What torchbook does not know is nothing that it frees."""
    folder = home()
    every = list(folder.iterdir()) if folder.is_dir() else []
    known = [
        Content(path, _size(path), _MADE_AGAIN.get(path.name) or _KEPT.get(path.name, ""), path.name in _MADE_AGAIN)
        for path in every
    ]
    return sorted(known, key=lambda content: -content.size)


def cleaned() -> Answer:
    """Frees what is made again, and says what was there."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "size", "what it is", ""):
        table.add_column(title, justify="right" if title == "size" else "left")
    rows, freed = [], 0
    for content in contents():
        gone = content.made_again and _removed(content.path)
        freed += content.size if gone else 0
        fate = "freed" if gone else "in use" if content.made_again else "kept"
        table.add_row(content.path.name, _bytes(content.size), content.about, fate)
        rows.append({"name": content.path.name, "bytes": content.size, "what": content.about, "freed": gone})
    table.caption, table.caption_justify = f"{home()}: {_bytes(freed)} freed", "left"
    return Answer({"home": str(home()), "freed_bytes": freed, "contents": rows}, table)


def _removed(path: Path) -> bool:
    """Removes a folder; a link is not followed. Returns False if something in it is in use."""
    try:
        path.unlink() if path.is_symlink() or path.is_file() else shutil.rmtree(path)
    except OSError:
        return False
    return True


def _size(path: Path) -> int:
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size
    return sum(file.lstat().st_size for file in path.rglob("*") if file.is_symlink() or file.is_file())


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count} B"
