"""Writes the skeleton of a lesson's document from what is known of the lesson: `torchbook author new 11`.

Title and line are those of the plan, what must be taught is that of the coverage, new terms are those of the glossary,
and exercises and quiz are in their places. It is a draft that runs; what an author must write says so.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from torchbook.command_answer import Answer
from torchbook.course.authoring.coverage import Row, read_coverage
from torchbook.course.authoring.document_check_text import ABLE, SECTIONS, TO_WRITE
from torchbook.course.grading.exercise import PACKAGED, Exercise, exercises
from torchbook.course.texts.document import LESSONS, parsed
from torchbook.course.texts.glossary import read_glossary
from torchbook.course.texts.plan import LESSONS as PLAN
from torchbook.course.texts.plan import PlannedLesson, planned_lesson
from torchbook.course.texts.prose import anchor_of
from torchbook.course.texts.quiz import quizzes
from torchbook.errors import TorchbookError
from torchbook.storage import write_atomically

_OPENING = """
*{to_write}: one picture that can be touched, and one question that a person has.*

::: slider position, 0.0, 1.0, step=0.1, value=0.5, label="something to move"

```python hidden
result = 2 * position
```

With this the result is {{{{ result }}}}.

**{able}**

{points}

## The question

*{to_write}: the question, and the laziest answer to it. The words of this lesson: {terms}.*

::: guess
*{to_write}: what will happen? Instead of the options it may be a number or a curve to draw.*

- [x] this → *{to_write}: the reason.*
- [ ] that → *{to_write}: why not.*
:::

```python
import torch

torch.ones(2)
```
"""


def start_document(number: str, folder: Path | None = None) -> Answer:
    """Writes the skeleton of the document of a lesson into a folder, without one among the lessons.

    Raises:
        TorchbookError: there is no such lesson in the plan, or it has a document already.
    """
    if not number.isdigit() or int(number) >= len(PLAN):
        raise TorchbookError(f"there is no lesson {number!r}; the plan has 00 to {len(PLAN) - 1:02}")
    lesson, folder = planned_lesson(int(number)), folder or LESSONS
    if existing := sorted(folder.glob(f"{lesson.number:02}_*.md")):
        raise TorchbookError(f"{existing[0]} is there already; move it away to begin again")
    file = folder / f"{_name(lesson)}.md"
    text = skeleton(lesson)
    parsed(text, file)
    write_atomically(file, text.encode(), replace=False)
    next_step = f"write what is '{TO_WRITE.lower()}', then run: torchbook author freeze {lesson.number:02}"
    return Answer({"file": str(file)}, f"{file}\n{next_step}")


def _name(lesson: PlannedLesson) -> str:
    """Returns the name that other files of the lesson have, else one made of its title: `11_optimizers`."""
    others = [*LESSONS.glob("*_*.md"), *PACKAGED.iterdir(), *quizzes().values()]
    names = sorted(path.stem for path in others if path.name.startswith(f"{lesson.number:02}_"))
    return names[0] if names else f"{lesson.number:02}_{anchor_of(lesson.title).replace('-', '_')}"


def skeleton(lesson: PlannedLesson) -> str:
    """Returns the text of a document that says what is known of a lesson."""
    rows = [row for row in read_coverage() if lesson.number in row.lessons]
    tasks = [exercise for exercise in exercises() if exercise.lesson == lesson.number]
    terms = [entry.term for entry in read_glossary() if lesson.number == min(entry.lessons) and "," not in entry.term]
    return "\n".join([*_front(lesson, rows, terms), *_body(lesson, rows, tasks, terms)])


def _front(lesson: PlannedLesson, rows: list[Row], terms: list[str]) -> Iterator[str]:
    yield f"---\ntitle: {lesson.title}\nline: {_sentence(lesson.line)}\ndraft: true"
    if rows:
        yield f"rows: {', '.join(str(row.number) for row in rows)}"
    if terms:
        yield f"terms: {', '.join(terms)}"
    yield "controls:\n  position: 0.0, 1.0\nclaims:\n  - result == 2 * position\n---"


def _body(lesson: PlannedLesson, rows: list[Row], tasks: list[Exercise], terms: list[str]) -> Iterator[str]:
    abilities = [row.what for row in rows] + [task.title for task in tasks] + [TO_WRITE.lower()] * 3
    yield _OPENING.format(
        to_write=TO_WRITE,
        able=ABLE,
        points=_listed(abilities[: min(5, max(3, len(rows) + len(tasks)))]),
        terms=", ".join(f"[[{term}]]" for term in terms) or "none yet",
    )
    placed: set[str] = set()
    for row in rows:
        yield f"## {_heading(row, lesson.number)}\n\n*{TO_WRITE}: {row.what}.*\n"
        for task in tasks:
            if f"exercise {task.name}" in row.at and task.name not in placed:
                placed.add(task.name)
                yield f"::: exercise {task.name}\n"
    for task in tasks:
        if task.name not in placed:
            yield f"## {task.title}\n\n*{TO_WRITE}: what the exercise needs.*\n\n::: exercise {task.name}\n"
    has_quiz = lesson.number in quizzes()
    yield "## Quiz\n"
    yield f"::: quiz {lesson.number}\n" if has_quiz else f"*{TO_WRITE}: six questions.*\n"
    yield f"## In five lines\n\n{_listed([*(f'**{term}**' for term in terms[:5]), *[TO_WRITE.lower()] * 5][:5])}\n"
    after = PLAN[lesson.number + 1] if lesson.number + 1 < len(PLAN) else PLAN[lesson.number - 1]
    yield f"## Where it comes next\n\n- [{after.title}](/lessons/{after.number:02}): {after.line}\n"


def _heading(row: Row, number: int) -> str:
    """Returns the heading under which a row is taught: that of the coverage, or the beginning of the row."""
    known = [place[3:] for place in row.at if place.startswith(f"{number:02} ") and place[3:] not in SECTIONS]
    heading = known[0] if known else re.split(r"[:;,(]", row.what)[0].strip()
    return heading[0].upper() + heading[1:]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].removesuffix('.')}."


def _listed(points: list[str]) -> str:
    return "\n".join(f"- {point}" for point in points)
