"""The standard that every lesson is held to: what is wrong with one, in sentences that say where and what to do.

`standard_prose` has the rules about the text.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import requires

from torchbook.course.authoring.lesson_lint_prose import prose_faults
from torchbook.course.grading.exercise import exercises
from torchbook.course.texts.cell import Cell
from torchbook.course.texts.lesson import LessonFile, Passage
from torchbook.course.texts.plan import planned_lesson as planned
from torchbook.course.texts.quiz import quizzes

MINUTES = range(10, 31)
LINES = 8  # of code in a cell
ABLE = "what you will be able to do"
ORDER = ("The question", "Quiz", "In five lines", "Where it comes next")
_IMPORTED_AS = {"pillow": "PIL", "scikit-learn": "sklearn"}


def faults(lesson: LessonFile) -> list[str]:
    """All that is wrong with a lesson, but for what marimo says of it (`marimo_says`); empty if nothing is."""
    return [*_skeleton(lesson), *_cells(lesson), *_asked(lesson), *prose_faults(lesson)]


def marimo_says(lesson: LessonFile) -> str:
    """What `marimo check` finds, warnings too; empty if nothing."""
    from marimo._lint import run_check

    said: list[str] = []
    checked = run_check((str(lesson.file),), pipe=said.append)
    return "\n".join(said).strip() or "something" if checked.errored or checked.issues_count else ""


def _skeleton(lesson: LessonFile) -> Iterator[str]:
    title = planned(lesson.number).title
    if lesson.title != title:
        yield f"the first heading is {lesson.title!r}, the plan of the course says '# {title}'"
    opening = lesson.passages[0].text if lesson.passages else ""
    if ABLE not in opening.lower():
        yield f"its beginning does not say '{ABLE.capitalize()}' with three to five points"
    elif not 3 <= len(_points(opening)) <= 5:
        yield f"'{ABLE.capitalize()}' has {len(_points(opening))} points, expected three to five"
    if lesson.minutes is None:
        yield "its beginning does not say how many minutes it takes to read"
    elif lesson.minutes not in MINUTES:
        yield f"it takes {lesson.minutes} minutes, expected {MINUTES.start} to {MINUTES.stop - 1}; divide or shorten it"
    sections = [passage.heading.text for passage in lesson.passages if passage.heading.level == 2]
    yield from (f"the heading '## {name}' is missing" for name in ORDER if name not in sections)
    there = [name for name in sections if name in ORDER]
    if not set(ORDER) - set(sections) and there != list(ORDER):
        yield f"the order of its sections is {', '.join(there)}, expected {', '.join(ORDER)}"
    if sections and sections[0] != ORDER[0]:
        yield f"the first section is '## {sections[0]}', expected '## {ORDER[0]}'"
    for passage in lesson.passages:
        if passage.heading.text == "In five lines" and len(_points(passage.text)) != 5:
            yield f"'## In five lines' has {len(_points(passage.text))} points, expected five"
    yield from _next(lesson.passages[-1] if lesson.passages else None)


def _next(last: Passage | None) -> Iterator[str]:
    if last and last.heading.text == "Where it comes next" and "](/lessons/" not in last.text:
        yield "'## Where it comes next' has no link to a lesson such as [Optimizers](/lessons/11)"


def _points(text: str) -> list[str]:
    return re.findall(r"(?m)^[-*] \S", text)


def _cells(lesson: LessonFile) -> Iterator[str]:
    for cell in lesson.cells:
        place = f"line {cell.line}: "
        if not cell.hidden and cell.kind != "setup" and cell.code_lines > LINES:
            yield f"{place}a cell has {cell.code_lines} lines of code, expected at most {LINES}; divide it"
        if not cell.hidden and cell.only_prose:
            yield f"{place}a cell that is only text shows its code; write @app.cell(hide_code=True)"
        if not cell.hidden and cell.calls("print"):
            yield f"{place}what is printed is not shown on the page; let the cell end with the value"
        for package in _imported(cell) - _allowed():
            yield f"{place}{package} is imported, which torchbook does not depend on"


def _imported(cell: Cell) -> set[str]:
    """The packages that a cell imports."""
    names = {name.partition(".")[0] for name in cell.imports}
    return names - sys.stdlib_module_names


def _allowed() -> set[str]:
    named = {re.split(r"[^\w-]", one)[0].lower() for one in requires("torchbook") or [] if "extra ==" not in one}
    return {_IMPORTED_AS.get(name, name.replace("-", "_")) for name in named} | {"torchbook", "marimo"}


def _asked(lesson: LessonFile) -> Iterator[str]:
    """Exercises and quiz."""
    known = {one.name: one.lesson for one in exercises()}
    for name in lesson.exercises:
        if name not in known:
            yield f"there is no exercise {name!r}"
    if not lesson.exercises:
        yield "it has no exercise"
    for name, number in known.items():
        if number == lesson.number and name not in lesson.exercises:
            yield f"the exercise {name!r} of this lesson is not in it"
    if lesson.quizzes != (lesson.number,):
        shown = ", ".join(map(str, lesson.quizzes)) or "none"
        yield f"expected its quiz once, as quiz({lesson.number}), got {shown}"
    elif lesson.number not in quizzes():
        yield f"there is no file with the quiz of lesson {lesson.number:02}"
