"""The folder of a run as anyone can read it: JSON and lines of JSON. `torchbook.run` writes it."""

import json
from pathlib import Path
from typing import Any, TypeVar

from torchbook.errors import TorchbookError
from torchbook.home import home

# Raised when the files of a run change their meaning; an older torchbook refuses a newer number.
FORMAT = 1

Folder = TypeVar("Folder", bound="RunFolder")


class RunFolder:
    """The folder of one training: what `recipe.json` says of it, its log and its result."""

    def __init__(self, path: Path, about: dict[str, Any]):
        self.path = path
        self.about = about

    @classmethod
    def open(cls: type[Folder], path: str | Path) -> Folder:
        """Opens a run that is there: by its path, or by its name in `TORCHBOOK_HOME/runs`.

        Raises:
            TorchbookError: there is no run, or a newer torchbook wrote it.
        """
        folder = next(
            (p for p in (Path(path).absolute(), home() / "runs" / path) if (p / "recipe.json").is_file()), None
        )
        if folder is None:
            raise TorchbookError(f"there is no run {str(path)!r}, neither as a folder nor in {home() / 'runs'}")
        about = read_json(folder / "recipe.json")
        if not isinstance(about.get("format"), int) or not isinstance(about.get("recipe"), str):
            raise TorchbookError(f"{folder / 'recipe.json'} does not describe a run")
        if about["format"] > FORMAT:
            raise TorchbookError(
                f"{folder} was written by a newer torchbook (format {about['format']}, this one reads {FORMAT})"
            )
        return cls(folder, about)

    @property
    def recipe(self) -> str:
        return self.about["recipe"]

    @property
    def result(self) -> dict[str, Any] | None:
        """What `finish` wrote, or None while the run is not finished."""
        file = self.path / "result.json"
        return read_json(file) if file.is_file() else None

    def children(self: Folder) -> list[Folder]:
        """The runs inside this one, by name."""
        return [type(self).open(file.parent) for file in sorted(self.path.glob("*/recipe.json"))]

    def entries(self) -> list[dict[str, Any]]:
        """The lines of the log, but for what a crash left of a last one.

        Raises:
            TorchbookError: the log is damaged.
        """
        file = self.path / "log.jsonl"
        if not file.is_file():
            return []
        *whole, _ = file.read_bytes().split(b"\n")
        try:
            return [json.loads(line) for line in whole]
        except ValueError as error:
            raise TorchbookError(f"{file} is damaged: {error}") from None


def read_json(file: Path) -> dict[str, Any]:
    """Returns the object in a JSON file.

    Raises:
        TorchbookError: the file is damaged.
    """
    try:
        content = json.loads(file.read_text())
    except (ValueError, UnicodeDecodeError) as error:
        raise TorchbookError(f"{file} is damaged: {error}") from None
    if not isinstance(content, dict):
        raise TorchbookError(f"{file} is damaged: expected an object, got {type(content).__name__}")
    return content
