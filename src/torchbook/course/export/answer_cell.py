"""Cells `%%answer EXERCISE` of a notebook in Jupyter: they save an answer and check it."""

from typing import Any

from torchbook.course.export.questions import exercise_named
from torchbook.course.grading.answer_text import same, text_of
from torchbook.course.learner import study, workspace
from torchbook.course.learner.workspace import write
from torchbook.course.terminal import views
from torchbook.errors import TorchbookError


def prepare() -> None:
    """Makes such cells known to IPython; elsewhere it does nothing."""
    from IPython.core.getipython import get_ipython

    shell: Any = get_ipython()
    if shell is not None:
        shell.register_magic_function(_answered, "cell", "answer")


def _answered(name: str, source: str) -> None:
    """Saves the cell as the answer to an exercise and says what is to be said about it."""
    from rich.console import Console

    try:
        asked = exercise_named(name.strip())
        own = workspace.find() or workspace.make(workspace.usual_folder())[0]
        if _saved(own.answer(asked), source, began=own.began_with(asked), starter=asked.starter):
            verdict = study.check(own, asked)
            said: Any = views.verdict_view(verdict, study.standing(own, asked))
        else:
            said = f"this is the starter; your answer in {own.answer(asked)} is left as it is"
        Console(width=100).print(said)
    except TorchbookError as error:
        print(error)


def _saved(answer: Any, source: str, *, began: str, starter: str) -> bool:
    """Writes the answer, unless that would put the starter in the place of what somebody has written."""
    if same(source, starter) and answer.exists() and not same(text_of(answer), began):
        return False
    write(answer, source)
    return True
