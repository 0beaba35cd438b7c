"""What a lesson puts on its page beside text and pictures: exercises, the quiz, and training that runs elsewhere.

Each of the four names is imported when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torchbook.course.notebook.answering import exercise
    from torchbook.course.notebook.questions import quiz
    from torchbook.course.notebook.running import live
    from torchbook.course.notebook.words import text

__all__ = ["exercise", "live", "quiz", "text"]

_WHERE = {"exercise": "answering", "quiz": "questions", "live": "running", "text": "words"}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
