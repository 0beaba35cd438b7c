"""A lesson as Markdown that reads well on a code host, with its pictures as files beside it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from torchbook.course.export.as_markdown import markdown
from torchbook.course.export.drawings import SUFFIXES, content
from torchbook.course.export.links import linked
from torchbook.course.export.parts import Code, Part, title_first
from torchbook.course.texts.lesson import LessonFile
from torchbook.course.texts.markup import Element
from torchbook.course.texts.plan import planned_lesson as planned


def written_as_text(lesson: LessonFile, parts: Iterable[Part], files: Mapping[int, str], *, folder: Path) -> str:
    """The lesson as Markdown; its pictures are written into a folder of the lesson's name in `folder`."""
    count = 0

    def place(picture: Element) -> str:
        nonlocal count
        found = content(picture)
        if found is None:
            return ""
        count += 1
        name = f"{lesson.name}/{count:02}.{SUFFIXES[found[0]]}"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(found[1])
        return name

    blocks: list[str] = []
    for part in title_first(list(parts)):
        if isinstance(part, Code):
            blocks += [] if part.cell.hidden else [_fenced("python", part.cell.source)]
            blocks += [_fenced("text", part.printed)] if part.printed.strip() else []
        shown = markdown(linked(part.nodes, files), place=place)
        # What a cell gives is told from what it is.
        blocks.append(
            re.sub(r"(?m)^```\n(?=(?:(?!^```).*\n)*```$)", "```text\n", shown) if isinstance(part, Code) else shown
        )
    place_in_course = planned(lesson.number)
    foot = f"*Lesson {lesson.number:02} of torchbook, {place_in_course.part}. The pictures move in `torchbook learn`.*"
    return "\n\n".join([*(block for block in blocks if block.strip()), "---", foot]) + "\n"


def listing(lessons: Iterable[LessonFile], files: Mapping[int, str]) -> str:
    """The file that lists the others, which a code host shows with the folder."""
    rows = [
        f"| {one.number:02} | [{one.title}]({files[one.number]}) | {planned(one.number).line} | {one.minutes} |"
        for one in lessons
    ]
    return "\n".join(["# Lessons", "", "| no. | lesson | about | minutes |", "|---|---|---|---|", *rows, ""])


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```"
