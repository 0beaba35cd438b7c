"""The folder of a run as anyone can read it: JSON and lines of JSON. `torchbook.run` writes it.

`checksums.json` has the SHA-256 of each file that carries meaning, and that of the content before, for of two files one
is written after the other. Of the log, which only grows, it has how many bytes there were and their SHA-256.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.record import LARGEST, Number, misfit, parsed, parsed_lines, read_bounded, read_record
from torchbook.storage import digest

# Raised when the files of a run change their meaning; an older torchbook refuses a newer number.
FORMAT = 1
CHECKSUMS = "checksums.json"
_LARGEST_LOG = 1 << 30  # bytes
_RESULT = {"run?": str, "recipe?": str, "test?": dict, "baseline?": dict, "seconds?": float, "notes?": [str]}
_RESULT |= {"parameters?": int, "runs?": [_RESULT | {"run": str}]}

Folder = TypeVar("Folder", bound="RunFolder")


class RunFolder:
    """The folder of one training: what `recipe.json` says of it, its log and its result."""

    # What `recipe.json` must say at least.
    _ABOUT: ClassVar[dict[str, Any]] = {
        "format": Number(1, whole=True),
        "recipe": str,
        "arguments": {str: object},
        "created?": str,
        "machine?": dict,
        "watch?": str,
        "larger?": bool,
        "processes?": Number(1, whole=True),
        "epochs?": Number(1, whole=True),
    }

    def __init__(self, path: Path, about: dict[str, Any]):
        self.path = path
        self.about = about
        self.oddities: list[str] = []
        self._noted: dict[str, list[str]] | None = None

    @classmethod
    def open(cls: type[Folder], path: str | Path) -> Folder:
        """Opens a run that is there: by its path, or by its name in `TORCHBOOK_HOME/runs`.

        Raises:
            TorchbookError: there is no run, it is damaged, or a newer torchbook wrote it.
        """
        folder = next((p for p in (Path(path).absolute(), home() / "runs" / path) if is_run(p)), None)
        if folder is None:
            raise TorchbookError(f"there is no run {str(path)!r}, neither as a folder nor in {home() / 'runs'}")
        run = cls(folder, {})
        run.about = run.record("recipe.json", {"format": Number(1, whole=True)})
        if (number := run.about["format"]) > FORMAT:
            raise TorchbookError(
                f"{folder} was written by a newer torchbook (format {number}, this one reads {FORMAT})"
            )
        if problem := misfit(run.about, cls._ABOUT):
            raise TorchbookError(f"{folder / 'recipe.json'} is damaged: {problem}")
        return run

    @property
    def recipe(self) -> str:
        return self.about["recipe"]

    @property
    def result(self) -> dict[str, Any] | None:
        """What `finish` wrote, or None while the run is not finished."""
        return self.record("result.json", _RESULT) if (self.path / "result.json").is_file() else None

    def children(self: Folder) -> list[Folder]:
        """The runs inside this one, by name."""
        return [type(self).open(folder) for folder in run_folders(self.path)]

    def entries(self) -> list[dict[str, Any]]:
        """The lines of the log, but for what a crash left of a last one.

        Those that cannot be read are left out, and `oddities` says so in words; also if there are others than were
        written.
        """
        file, self.oddities = self.path / "log.jsonl", []
        if not file.is_file():
            return []
        content = read_bounded(file, _LARGEST_LOG)
        whole = content[: content.rfind(b"\n") + 1]
        entries, self.oddities = parsed_lines(whole[:-1], {"epoch": int}, file) if whole else ([], [])
        if not self.oddities and not self._is_as_noted(file.name, lambda note: _is_noted(content, note)):
            self.oddities.append(f"{file} was damaged or changed since it was written (its checksum differs)")
        return entries

    def record(self, name: str, shape: Any) -> Any:
        """Returns what one of the files of JSON says, which is of this shape (`torchbook.record`).

        Raises:
            TorchbookError: it is damaged, or is not what was written.
        """
        return parsed(self.content(name), shape, self.path / name)

    def content(self, name: str, *, must_be_noted: bool = False) -> bytes:
        """Returns the content of a file, which is the one that was written; earlier versions noted that of few.

        Raises:
            TorchbookError: it is another.
        """
        file = self.path / name
        content = read_bounded(file, LARGEST) if file.suffix == ".json" else file.read_bytes()
        now = digest(content)
        if not self._is_as_noted(name, now.__eq__, unless_noted=not must_be_noted):
            raise TorchbookError(
                f"{file} was damaged or changed since it was written (its checksum differs); it is not used"
            )
        return content

    def _is_as_noted(self, name: str, fits: Callable[[str], bool], *, unless_noted: bool = True) -> bool:
        """Tells whether a file `fits` one of its notes; `unless_noted` is what holds of one without any."""
        notes = self.noted().get(name)
        if notes is None:
            return unless_noted
        # Another process may just have written both.
        return any(map(fits, notes)) or any(map(fits, self.noted(again=True).get(name, [])))

    def noted(self, *, again: bool = False) -> dict[str, list[str]]:
        """Returns the checksums of the files by their names, as they were when this run was opened, or now."""
        if self._noted is None or again:
            file = self.path / CHECKSUMS
            self._noted = read_record(file, {str: [str]}) if file.is_file() else {}
        return self._noted


def run_folders(folder: Path) -> list[Path]:
    """Returns the folders of the runs in a folder, by name."""
    return sorted(file.parent for file in folder.glob("*/recipe.json") if not file.parent.name.startswith("."))


def log_note(content: bytes) -> str:
    """Returns how many bytes a log has, and their digest."""
    return f"{len(content)} {digest(content)}"


def _is_noted(content: bytes, note: str) -> bool:
    size = note.partition(" ")[0]
    return size.isdecimal() and len(size) < 20 and note == log_note(content[: int(size)])


def is_run(folder: Path) -> bool:
    """Returns True if a run lies there."""
    try:
        return (folder / "recipe.json").is_file()
    except (OSError, ValueError):  # no file has such a name
        return False
