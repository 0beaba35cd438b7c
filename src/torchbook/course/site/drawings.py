"""Drawings that a process of its own makes once, for the server has no torch; they are kept under `TORCHBOOK_HOME`."""

import subprocess
import sys
from collections.abc import Collection
from functools import cache
from pathlib import Path
from threading import Lock

import torchbook

_DRAWING = Lock()


def kept_drawing(
    name: str, names: Collection[str], *, program: str, folder: Path, code: tuple[str, ...]
) -> Path | None:
    """Returns the file of a drawing, None if there is none of that name or it cannot be drawn.

    At the first request all of `names` that are missing are drawn, that one first: `python -m program folder name ...`.
    A drawing that is older than the modules in `code`, paths in the package, is drawn again.
    """
    if name not in names:
        return None
    file = folder / f"{name}.svg"
    with _DRAWING:
        if not is_fresh(file, code):
            others = [each for each in names if each != name and not is_fresh(folder / f"{each}.svg", code)]
            folder.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", program, str(folder), name, *others]
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return file if file.is_file() else None


def is_fresh(file: Path, code: tuple[str, ...]) -> bool:
    """Tells whether a file is younger than the modules that it was made by."""
    return file.is_file() and file.stat().st_mtime > _changed(code)


@cache
def _changed(code: tuple[str, ...]) -> float:
    package = Path(torchbook.__file__).parent
    modules = [module for part in code for module in [package / part, *(package / part).rglob("*.py")]]
    return max(module.stat().st_mtime for module in modules if module.is_file())
