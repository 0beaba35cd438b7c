"""What a lesson puts on its page, for pages that do not move: an exercise, and a quiz, as Markdown and as HTML.

They take the place of the functions of the same name in `course.notebook` while a lesson is exported.
"""

import marimo

from torchbook.course.export.questions import exercise_named, how_to_check, prompt, quiz_parts


class Block(marimo.Html):
    """A piece of a page with the Markdown that it is, for those who want it as that."""

    def __init__(self, markdown: str, shown: str) -> None:
        self.markdown = markdown
        super().__init__(shown)

    def _repr_markdown_(self) -> str:
        return self.markdown


def exercise(name: str) -> Block:
    """An exercise: its prompt, what to begin with, and how to check it.

    Raises:
        TorchbookError: there is no such exercise.
    """
    asked = exercise_named(name)
    code = f"```python\n{asked.starter.strip()}\n```"
    said = f"{prompt(asked)}\n\nBegin with this:\n\n{code}\n\n{how_to_check(asked)}"
    return Block(said, f'<section class="tb-exercise">{marimo.md(said).text}</section>')


def quiz(number: int) -> Block:
    """The questions of a lesson with their answers folded away.

    Raises:
        TorchbookError: the lesson has no quiz.
    """
    parts = quiz_parts(number)
    fold = "<details>\n<summary>Answer</summary>"
    markdown = "\n\n".join(f"{question}\n\n{fold}\n\n{answer}\n\n</details>" for question, answer in parts)
    shown = "".join(
        f'<section class="tb-question">{marimo.md(question).text}{fold}{marimo.md(answer).text}</details></section>'
        for question, answer in parts
    )
    return Block(markdown, f'<div class="tb-quiz">{shown}</div>')
