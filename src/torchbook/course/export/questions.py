"""Exercises and the questions of a quiz as Markdown, for pages that do not move."""

from torchbook.course.grading.exercise import Exercise, exercises
from torchbook.course.texts.quiz import Question, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import LETTERS, display_order, mark, right_answer
from torchbook.errors import TorchbookError


def exercise_named(name: str) -> Exercise:
    """The exercise of that name.

    Raises:
        TorchbookError: there is none.
    """
    for one in exercises():
        if one.name == name:
            return one
    raise TorchbookError(f"a lesson shows the exercise {name!r}, but there is none of that name")


def prompt(asked: Exercise) -> str:
    """What is to be done, in Markdown."""
    return f"### Exercise: {asked.title}\n\n*About {asked.minutes} minutes*\n\n{asked.prompt}"


def quiz_parts(number: int) -> list[tuple[str, str]]:
    """The questions of a lesson, each with its answer.

    Raises:
        TorchbookError: the lesson has no quiz.
    """
    files = quizzes()
    if number not in files:
        raise TorchbookError(f"a lesson shows the quiz of lesson {number:02}, but there is none")
    asked = read_quiz(files[number]).questions
    return [(_question(question, i), _answer(question)) for i, question in enumerate(asked, 1)]


def _question(question: Question, number: int) -> str:
    parts = [f"**{number}.** {question.ask}"]
    if question.code:
        parts.append(f"```python\n{question.code.strip()}\n```")
    choices = question.items or [option.text for option in question.options]
    order = display_order(question)
    if order:
        parts.append("\n".join(f"- **{letter}** {choices[i]}" for letter, i in zip(LETTERS, order)))
    return "\n\n".join(parts)


def _answer(question: Question) -> str:
    letters = dict(zip(display_order(question), LETTERS))
    right = right_answer(question)
    if question.options:
        said = [f"**{letters[i]}** {'✓' if one.right else '✗'} {one.why}" for i, one in enumerate(question.options)]
        return "\n".join(f"- {one}" for one in sorted(said)) + (f"\n\n{question.why}" if question.why else "")
    if question.items:
        right = ", ".join(letters[i] for i in range(len(question.items)))
    if question.kind == "predict":
        right = f"```text\n{right}\n```"
        return f"{right}\n\n{mark(question, '').why}"
    return f"**{right}**\n\n{question.why}" if "`" not in right else f"{right}\n\n{question.why}"
