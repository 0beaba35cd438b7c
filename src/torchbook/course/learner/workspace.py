"""The workspace, the learner's folder: plain files with answers, a database of progress and a settings file.

torchbook.json                   settings: further folders with exercises
progress.db                      see `progress`
answers/NN_lesson/exercise.py    the answers; only the learner changes them
blocks/NN.json                   code of lessons that the learner has changed, see `changed_blocks`
kept/exercise.DATE.py            answers put aside by `reset`, and code that was put back
.starters/exercise.py            what each answer began with, to notice when an upgrade brings another starter
"""

import contextlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torchbook.course.grading.answer_text import same, text_of
from torchbook.course.grading.exercise import PACKAGED, Exercise, exercises
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.record import read_record
from torchbook.storage import remove_left, write_atomically

SETTINGS = "torchbook.json"


@dataclass(frozen=True)
class Workspace:
    """A folder with answers and progress."""

    folder: Path

    @property
    def database(self) -> Path:
        """The path of the file that `progress` reads and writes."""
        return self.folder / "progress.db"

    def roots(self) -> list[Path]:
        """Returns the folders with exercises: the packaged one, then those that were added with `start`."""
        return [PACKAGED, *(folder for folder in self._added() if folder.is_dir())]

    def _added(self) -> list[Path]:
        with contextlib.suppress(TorchbookError):  # `trouble` says so
            return [self.folder / path for path in _settings(self.folder).get("exercises", [])]
        return []

    def quiz_folders(self) -> list[Path]:
        """Returns the folders with quizzes that came with added exercises."""
        return [root / "quizzes" for root in self.roots()[1:]]

    def exercises(self) -> list[Exercise]:
        """Returns all exercises of this workspace, in the order of the course."""
        roots = self.roots()
        try:
            return exercises(*roots)
        except TorchbookError:  # one odd folder costs that one
            return exercises(PACKAGED, *(root for root in roots[1:] if not _fault_of(root)))

    def trouble(self) -> list[str]:
        """Returns in words what of the settings and of the added folders cannot be read, for whoever shows it."""
        try:
            _settings(self.folder)
        except TorchbookError as error:
            return [str(error)]
        faults = [fault for folder in self._added() if (fault := _fault_of(folder))]
        return [f"{self.folder / SETTINGS} names exercises that are left out: {fault}" for fault in faults]

    def answer(self, exercise: Exercise) -> Path:
        """Returns the path of the learner's answer, also where an upgrade has renamed the folder of the lesson."""
        usual = self.folder / "answers" / exercise.lesson_folder / f"{exercise.name}.py"
        if usual.exists():
            return usual
        return next(iter(sorted(self.folder.glob(f"answers/*/{exercise.name}.py"))), usual)

    def began_with(self, exercise: Exercise) -> str:
        """Returns the starter that the answer began with: an older one if an upgrade has brought another."""
        record = self.folder / ".starters" / f"{exercise.name}.py"
        return text_of(record) if record.exists() else exercise.starter


@dataclass(frozen=True)
class Update:
    """The result of `update`, as names of exercises.

    `new` got an answer to begin with, `renewed` were untouched and got a newer starter, `changed` were begun and have
    another starter now, `orphaned` are answers to which there is no exercise any more.
    """

    new: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()


def find(start: Path | None = None) -> Workspace | None:
    """Finds the workspace: the current folder or one above, `TORCHBOOK_WORKSPACE`, or one under `TORCHBOOK_HOME`.

    `start` replaces the current folder. Returns None if there is no workspace yet.
    """
    here = (start or Path.cwd()).resolve()
    return next(
        (Workspace(folder) for folder in (here, *here.parents, usual_folder()) if (folder / SETTINGS).is_file()), None
    )


def find_or_raise() -> Workspace:
    """Finds the workspace, as `find` does.

    Raises:
        TorchbookError: there is none yet.
    """
    if workspace := find():
        return workspace
    raise TorchbookError(f"there is no workspace here nor at {usual_folder()}; make one with: torchbook start [FOLDER]")


def usual_folder() -> Path:
    """Returns the default folder of a workspace: `TORCHBOOK_WORKSPACE`, or one under `TORCHBOOK_HOME`."""
    named = os.environ.get("TORCHBOOK_WORKSPACE")
    return Path(named).expanduser() if named else home() / "workspace"


def make(folder: Path, *, added: Path | None = None) -> tuple[Workspace, Update]:
    """Makes a workspace or brings an existing one up to date; `added` is a further folder with exercises.

    Raises:
        TorchbookError: the folder is a file, or the added exercises cannot be read.
    """
    folder = folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise TorchbookError(f"{folder} is a file, expected a folder for the workspace")
    workspace = Workspace(folder)
    try:
        settings = _settings(folder)
    except TorchbookError:
        keep_copy(workspace, SETTINGS, (folder / SETTINGS).read_bytes())
        settings = {}
    if added is not None:
        path = added.expanduser().resolve()
        if not exercises(path):
            raise TorchbookError(f"{path}: there is no exercise in it; expected NN_lesson/exercise_name/prompt.md")
        inside = path.is_relative_to(folder)
        added_entry = path.relative_to(folder).as_posix() if inside else str(path)
        settings["exercises"] = list(dict.fromkeys([*settings.get("exercises", []), added_entry]))
        exercises(PACKAGED, *(folder / entry for entry in settings["exercises"]))
    folder.mkdir(parents=True, exist_ok=True)
    for part in (folder, folder / "blocks", folder / ".starters", *folder.glob("answers/*")):
        remove_left(part)
    write(folder / SETTINGS, json.dumps({"exercises": []} | settings, indent=2) + "\n")
    return workspace, update(workspace)


def update(workspace: Workspace) -> Update:
    """Gives every new exercise its starter. Only a starter that was left untouched is overwritten, never an answer."""
    new: list[str] = []
    renewed: list[str] = []
    changed: list[str] = []
    exercises = workspace.exercises()
    for exercise in exercises:
        answer, record = workspace.answer(exercise), workspace.folder / ".starters" / f"{exercise.name}.py"
        if not answer.exists():
            write(record, exercise.starter)
            new += [exercise.name] if write(answer, exercise.starter, replace=False) else []
            continue
        current, original = text_of(answer), text_of(record) if record.exists() else exercise.starter
        if same(original, exercise.starter) or same(current, exercise.starter):
            renew = not record.exists() or not same(original, exercise.starter)
        else:
            renew = same(current, original)
            (renewed if renew else changed).append(exercise.name)
            if renew:
                write(answer, exercise.starter)
        if renew:
            write(record, exercise.starter)
    names = {exercise.name for exercise in exercises}
    orphaned = [path.stem for path in sorted(workspace.folder.glob("answers/*/*.py")) if path.stem not in names]
    return Update(tuple(new), tuple(renewed), tuple(changed), tuple(orphaned))


def start_again(workspace: Workspace, exercise: Exercise) -> Path | None:
    """Replaces the answer by the starter; returns the path of the copy, or None if there was nothing to keep."""
    answer, copy = workspace.answer(exercise), None
    if answer.exists() and not same(text_of(answer), exercise.starter):
        copy = put_aside(workspace, exercise, answer.read_bytes())
    write(workspace.folder / ".starters" / f"{exercise.name}.py", exercise.starter)
    write(answer, exercise.starter)
    return copy


def put_aside(workspace: Workspace, exercise: Exercise, answer: bytes) -> Path:
    """Keeps a copy of an answer, named after the time; returns its path."""
    return keep_copy(workspace, f"{exercise.name}.py", answer)


def keep_copy(workspace: Workspace, name: str, content: bytes) -> Path:
    """Writes content to a file of its own, named after `name` and the time; returns its path."""
    stem, _, suffix = name.rpartition(".")
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    names = (f"{stem}.{stamp}{more}.{suffix}" for more in ("", *(f"_{i}" for i in range(2, 1000))))
    copy = next(path for path in (workspace.folder / "kept" / name for name in names) if not path.exists())
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(content)
    return copy


def write(path: Path, text: str, *, replace: bool = True) -> bool:
    """Writes a file atomically and returns True; without `replace` leaves an existing one alone and returns False."""
    return write_atomically(path, text.encode(), replace=replace, sync=False)


def _fault_of(added: Path) -> str:
    """Returns what is wrong with an added folder of exercises, "" if nothing is."""
    try:
        exercises(PACKAGED, added)
    except (TorchbookError, OSError) as error:
        return str(error)
    return ""


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / SETTINGS
    if not path.exists():
        return {}
    try:
        return read_record(path, {"exercises?": [str]})
    except TorchbookError as error:
        raise TorchbookError(f'{error}; expected {{"exercises": []}}: correct it, or run torchbook start') from None
