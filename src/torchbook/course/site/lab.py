"""`torchbook lab`: copies a lesson, to be changed at will, and opens the copy in marimo's editor."""

import os
import subprocess
import sys
from pathlib import Path

from torchbook.course.learner.workspace import Workspace, write
from torchbook.course.site.app import LESSONS
from torchbook.course.site.notebooks import found
from torchbook.course.texts.plan import LESSONS as PLAN
from torchbook.errors import TorchbookError


def copied(workspace: Workspace, lesson: str, *, lessons: Path = LESSONS) -> Path:
    """Copies a lesson into the folder `lab` of the workspace and returns the path; earlier copies are left alone.

    Raises:
        TorchbookError: there is no such lesson, or it is not written yet.
    """
    if not lesson.isdigit():
        raise TorchbookError(f"expected the number of a lesson, as torchbook lab 08, got {lesson!r}")
    written = {notebook.number: notebook for notebook in found(lessons)}
    number = int(lesson)
    if number not in written:
        numbers = ", ".join(f"{written_number:02}" for written_number in written) or "none"
        planned = "is not written yet" if number < len(PLAN) else "does not exist"
        raise TorchbookError(f"lesson {number:02} {planned}; written are {numbers}")
    file = written[number].file
    source = file.read_text(encoding="utf-8")
    names = (f"{file.stem}{suffix}.py" for suffix in ("", *(f"_{count}" for count in range(2, 1000))))
    return next(
        path for path in (workspace.folder / "lab" / name for name in names) if write(path, source, replace=False)
    )


def edit(notebook: Path, *, port: int, no_browser: bool = False) -> None:
    """Runs marimo's editor on this machine, with its token, until Ctrl-C."""
    arguments = [sys.executable, "-m", "marimo", "edit", str(notebook), "--host", "127.0.0.1", "--port", str(port)]
    arguments += ["--skip-update-check", *(["--headless"] if no_browser else [])]
    editor = subprocess.Popen(arguments, cwd=notebook.parent, env=os.environ | {"MARIMO_SKIP_UPDATE_CHECK": "1"})
    while True:
        try:
            editor.wait()
            return
        except KeyboardInterrupt:
            # The editor gets Ctrl-C too, and may ask whether to quit.
            continue
