"""The quiz of a lesson on its page in marimo."""

from typing import Any

import traitlets

from torchbook.course.cards import quiz_card
from torchbook.course.learner import workspace
from torchbook.course.learner.workspace import Workspace
from torchbook.course.notebook import page
from torchbook.course.notebook.card import Card
from torchbook.course.texts.quiz import Quiz, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import display_order
from torchbook.errors import TorchbookError


def quiz(lesson: int) -> Any:
    """The quiz of the lesson with that number, as the last expression of a cell.

    In a browser it is answered and marked; elsewhere it is a note that shows nothing by itself.

    Raises:
        TorchbookError: the lesson has no quiz.
    """
    own = page.own_workspace() if page.opened() else workspace.find()
    paths = quizzes(*(own.quiz_folders() if own else ()))
    if lesson not in paths:
        known = ", ".join(f"{number:02}" for number in paths)
        raise TorchbookError(f"there is no quiz for lesson {lesson:02}; there are quizzes for {known}")
    asked = read_quiz(paths[lesson])
    return QuizCard(own, asked) if own and page.opened() else Questions(asked)


class Questions:
    """The questions of a quiz where they cannot be answered, as Markdown."""

    def __init__(self, asked: Quiz) -> None:
        self.asked = asked

    def _repr_markdown_(self) -> str:
        parts = []
        for number, question in enumerate(self.asked.questions, 1):
            parts.append(f"**{number}.** {question.ask}")
            if question.code:
                parts.append(f"```python\n{question.code}\n```")
            shown = question.items or tuple(option.text for option in question.options)
            parts.append("\n".join(f"- {shown[i]}" for i in display_order(question)))
        parts.append(f"Answer them with `torchbook quiz {self.asked.lesson}`.")
        return "\n\n".join(part for part in parts if part)


class QuizCard(Card, scripts=("python.js", "quiz.js", "quiz_widget.js")):
    """All questions of a quiz; what it shows are the traits."""

    title = traitlets.Unicode().tag(sync=True)
    questions: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    asked_last = traitlets.Unicode().tag(sync=True)
    card: quiz_card.QuizCard

    def __init__(self, own: Workspace, asked: Quiz) -> None:
        super().__init__()
        self.wrap(lambda shown_on: quiz_card.QuizCard(own, asked, page=shown_on, html=page.html))
