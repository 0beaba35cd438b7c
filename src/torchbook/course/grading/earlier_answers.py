"""What the learner built in earlier exercises, for later ones: `from torchbook.course.earlier import scalar_engine`.

The name is that of an exercise and the module is the learner's own answer to it, found beside the file that imports it.
Where there is none, or it is still the starter, the solution of that exercise takes its place: one can start anywhere.

A lesson's document does the same, on its page with the answers that have passed: `use` says which.
"""

import re
import sys
import types
from pathlib import Path

from torchbook.course.grading.answer_text import same, text_of
from torchbook.course.grading.exercise import PACKAGED
from torchbook.errors import TorchbookError

# Where exercises are looked for, and the learner's own answers that were used by name.
ROOTS = [PACKAGED]
USED: dict[str, Path] = {}
# The answers of a lesson's page, by exercise: they have passed.
_passed: dict[str, Path] = {}

_loaded: dict[Path, types.ModuleType] = {}


def __getattr__(name: str) -> types.ModuleType:
    if name.startswith("_"):
        raise AttributeError(f"there is no exercise {name!r}")
    return built(name, _answers())[0]


def use(answers: dict[str, Path]) -> None:
    """Takes these answers, by exercise, for what has passed, and reads all of them again."""
    _passed.clear()
    _passed.update(answers)
    _loaded.clear()


def passed() -> dict[str, Path]:
    """Returns the answers of the page that have passed, by exercise, for a process that is to use the same."""
    return dict(_passed)


def answer_of(name: str) -> types.ModuleType:
    """Returns what the learner built in the exercise `name` if it has passed, else its solution, as a module.

    Raises:
        TorchbookError: there is no such exercise.
    """
    try:
        return built(name, None)[0]
    except AttributeError as error:
        raise TorchbookError(str(error)) from None


def is_passed(name: str) -> bool:
    """Returns True where `answer_of` gives the learner's own answer."""
    return name in _passed


def built(name: str, answers: Path | None) -> tuple[types.ModuleType, bool]:
    """What the learner built in the exercise `name`, and whether it is their own: else it is the solution's.

    `answers` is the workspace's folder of that name, if there is one. The module runs in this process.
    """
    folder = next((found for root in ROOTS for found in root.glob(f"[0-9][0-9]_*/{name}") if found.is_dir()), None)
    if folder is None:
        raise AttributeError(f"there is no exercise {name!r}")
    own = _passed.get(name) or (_own(answers, folder) if answers else None)
    if own is not None:
        USED[name] = own
    file = own or folder / "solution.py"
    if file not in _loaded:
        module = types.ModuleType(name)
        module.__file__ = str(file)
        exec(compile(file.read_bytes(), str(file), "exec"), module.__dict__)
        _loaded[file] = module
    return _loaded[file], own is not None


def _answers() -> Path | None:
    """The folder with answers in which the file lies that imports something from here."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").startswith(("importlib", "jaxtyping", __name__)):
        frame = frame.f_back
    asking = Path(frame.f_globals.get("__file__", ""))
    return asking.parent.parent if re.match(r"\d\d_", asking.parent.name) else None


def _own(answers: Path, folder: Path) -> Path | None:
    """The learner's answer to an exercise, if it was begun."""
    own = answers / folder.parent.name / f"{folder.name}.py"
    return own if own.is_file() and not same(text_of(own), text_of(folder / "starter.py")) else None
