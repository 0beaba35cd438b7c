"""A lesson as a page of its own: one HTML file, light and dark, that loads nothing."""

import html
from collections.abc import Iterable, Mapping
from pathlib import Path

from torchbook.course.export.drawings import as_images
from torchbook.course.export.formulas import as_math, typesetting
from torchbook.course.export.links import linked
from torchbook.course.export.parts import Code, Part, title_first
from torchbook.course.site.highlight import highlighted
from torchbook.course.site.layout import STATIC
from torchbook.course.texts.lesson import LessonFile
from torchbook.course.texts.markup import written
from torchbook.course.texts.plan import planned_lesson as planned

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · torchbook</title>
<style>{style}</style>
</head>
<body>
<main>
"""


def page(lesson: LessonFile, parts: Iterable[Part], files: Mapping[int, str]) -> str:
    """The lesson as HTML; `files` are the files of the lessons that lie beside it."""
    body = "\n".join(_part(part, files) for part in title_first(list(parts)))
    place = planned(lesson.number)
    top = f'<p class="place">{_bar(files)}{html.escape(place.part)} · lesson {lesson.number:02}</p>\n'
    return _whole(lesson.title, top + body + _foot(lesson.number))


def listing(lessons: Iterable[LessonFile], files: Mapping[int, str]) -> str:
    """The page that lists the others."""
    rows = "".join(_row(lesson, files[lesson.number]) for lesson in lessons)
    return _whole("Lessons", f'<h1>torchbook</h1>\n<ol class="lessons">{rows}</ol>\n')


def _row(lesson: LessonFile, file: str) -> str:
    line = html.escape(planned(lesson.number).line.replace("`", ""))
    name = f'<a href="{file}"><b>{lesson.number:02}</b> {html.escape(lesson.title)}</a>'
    return f"<li>{name}<span>{line} · {lesson.minutes} minutes</span></li>"


def _bar(files: Mapping[int, str]) -> str:
    return '<a href="index.html">torchbook</a> · ' if len(files) > 1 else ""


def _foot(number: int) -> str:
    return (
        f"<footer>The pictures stand still here. <code>torchbook learn</code> opens lesson {number:02} with pictures "
        "to touch, and checks what you write.</footer>"
    )


def _whole(title: str, body: str) -> str:
    sheets = Path(__file__).parent / "page.css", STATIC / "code.css"
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    head = _HEAD.format(title=html.escape(title), style=style)
    return f"{head}{body}\n</main>\n{typesetting(body)}</body>\n</html>\n"


def _part(part: Part, files: Mapping[int, str]) -> str:
    shown = written(as_images(as_math(linked(part.nodes, files))))
    if not isinstance(part, Code):
        return shown
    said = f'<pre class="printed">{html.escape(part.printed.rstrip())}</pre>' if part.printed.strip() else ""
    code = "" if part.cell.hidden else highlighted(part.cell.source)
    kind = "output" if code else "picture"
    return f'{code}{said}<div class="{kind}">{shown}</div>' if shown else f"{code}{said}"
