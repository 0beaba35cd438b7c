"""`torchbook lab`: the learner's own copy of a lesson as a notebook, to be changed at will."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from torchbook.command_answer import Answer
from torchbook.course.export.command import Format, exported_text
from torchbook.course.learner.workspace import Workspace, write
from torchbook.course.site.command import find_or_make_workspace
from torchbook.course.texts.document import labelled_document, labelled_documents
from torchbook.listen import free_port

# What opens a notebook, by the end of its name: the first that is installed.
_EDITORS = {".ipynb": ("jupyterlab", "notebook"), ".py": ("marimo",)}
_FORMATS: dict[str, Format] = {".ipynb": "ipynb", ".py": "marimo"}


def lab(lesson: str, /, *, port: int | None = None, no_browser: bool = False) -> Answer:
    """Open your copy of a lesson as a notebook, to change at will: torchbook lab 08. The first time it is made.

    Args:
        lesson: the number of the lesson, or a project such as P1.
        port: where Jupyter or marimo listens; without it one that is free.
        no_browser: only print the address.
    """
    workspace, _ = find_or_make_workspace()
    copy, editor = own_copy(workspace, lesson)
    if editor is None:
        advice = 'open it in an editor that knows notebooks, or install Jupyter: pip install "torchbook[lab]"'
        return Answer({"copy": str(copy)}, f"your copy is in {copy}; {advice}")
    print(f"your copy   {copy}", file=sys.stderr, flush=True)
    edit(copy, editor, port=free_port("127.0.0.1", port), no_browser=no_browser)
    return Answer({"copy": str(copy)}, f"your copy is in {copy}")


def own_copy(workspace: Workspace, lesson: str) -> tuple[Path, str | None]:
    """Returns the learner's copy of a lesson or project in the folder `lab` of the workspace, and the module that opens
    it: Jupyter or marimo, None if neither is installed. The copy is made if it is not there; then it is left alone.

    Raises:
        TorchbookError: there is no such lesson, or it is not written yet.
    """
    document = labelled_document(lesson)
    editors = {suffix: next(filter(find_spec, modules), None) for suffix, modules in _EDITORS.items()}
    copies = {suffix: workspace.folder / "lab" / f"{document.file.stem}{suffix}" for suffix in _EDITORS}
    installed = [suffix for suffix, editor in editors.items() if editor]
    there = [suffix for suffix in (*installed, *copies) if copies[suffix].is_file()]
    suffix = next(iter((*there, *installed, *copies)))
    if not there:
        beside = {label: file.stem + suffix for label, file in labelled_documents().items()}
        write(copies[suffix], exported_text(document, beside, to=_FORMATS[suffix]), replace=False)
    return copies[suffix], editors[suffix]


def edit(notebook: Path, editor: str, *, port: int, no_browser: bool = False) -> None:
    """Runs Jupyter or marimo on this machine, with its token, until Ctrl-C."""
    arguments = [sys.executable, "-m", editor]
    if editor == "marimo":
        arguments += ["edit", str(notebook), "--host", "127.0.0.1", "--port", str(port), "--skip-update-check"]
        arguments += ["--headless"] if no_browser else []
    else:
        arguments += [str(notebook), "--ip", "127.0.0.1", "--port", str(port)]
        arguments += ["--no-browser"] if no_browser else []
    process = subprocess.Popen(arguments, cwd=notebook.parent, env=os.environ | {"MARIMO_SKIP_UPDATE_CHECK": "1"})
    while True:
        try:
            process.wait()
            return
        except KeyboardInterrupt:
            # The editor gets Ctrl-C too, and may ask whether to quit.
            continue
