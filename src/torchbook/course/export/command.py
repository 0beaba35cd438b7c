"""The command `torchbook lessons`: which lessons there are, and the written ones for Jupyter and for plain readers."""

import shutil
from collections.abc import Iterable
from inspect import getdoc
from pathlib import Path
from typing import Any, Literal

from torchbook.command_answer import Answer, nearest
from torchbook.command_arguments import parse
from torchbook.course.authoring.coverage import read_coverage
from torchbook.course.texts.document import Document, documents, projects, read_document
from torchbook.course.texts.lesson import LessonFile, lesson_files, read_lesson
from torchbook.course.texts.plan import LESSONS as PLANNED
from torchbook.errors import TorchbookError

Format = Literal["ipynb", "html", "md", "marimo"]
_SUFFIXES = {"marimo": "py"}


def lessons(words: list[str]) -> Answer:
    """Lists the lessons, or writes them with their outputs: for Jupyter, as pages, as Markdown, for marimo.

    torchbook lessons                                       which there are
    torchbook lessons export --to ipynb|html|md|marimo DIR       writes the written ones into a folder
    """
    if not words:
        return _listed()
    if words[0] in ("-h", "--help"):
        return Answer({}, getdoc(lessons))
    if words[0] != "export":
        raise TorchbookError(f"torchbook lessons {words[0]}: {nearest(words[0], ['export'])}")
    return parse(export, words[1:], prog="torchbook lessons export")


def export(folder: Path, /, *, to: Format = "html", only: tuple[str, ...] = ()) -> Answer:
    """Writes the lessons and projects with what they show.

    Args:
        folder: where the files go; it is made if it is not there.
        to: ipynb for Jupyter and Colab, html for one page a lesson that loads nothing, md for a code host, marimo.
        only: the numbers of lessons, or projects such as P1; without it all that are written.
    """
    labelled = {f"{number:02}": file for number, file in documents().items()} | projects()
    older = {f"{number:02}": file for number, file in lesson_files().items()}
    labels = [f"{int(label):02}" if label.isdecimal() else label.upper() for label in only]
    if missing := [label for label in labels if label not in labelled and label not in older]:
        known = ", ".join(sorted({*labelled, *older})) or "none yet"
        raise TorchbookError(f"lesson {missing[0]} is not written yet; written are {known}")
    labels = sorted(set(labels) or {*labelled, *older})
    chosen = [read_document(labelled[label]) for label in labels if label in labelled]
    written = export_documents(chosen, folder, to=to)
    rest = [read_lesson(older[label]) for label in labels if label not in labelled]
    if rest and to == "marimo":
        for lesson in rest:
            shutil.copy(lesson.file, folder / lesson.file.name)
            written.append(folder / lesson.file.name)
    elif rest:
        written += export_lessons(rest, folder, to=to)
    written.sort(key=lambda file: (file.name in ("index.html", "README.md"), file.name))
    return Answer(
        {"folder": str(folder), "to": to, "files": [str(file) for file in written]},
        "\n".join(str(file) for file in written),
    )


def export_documents(chosen: Iterable[Document], folder: Path, *, to: Format) -> list[Path]:
    """Writes documents with their stored state into the folder; returns the files."""
    from torchbook.course.export.document_html import written_as_html
    from torchbook.course.export.document_marimo import written_as_marimo
    from torchbook.course.export.document_markdown import written_as_markdown
    from torchbook.course.export.document_notebook import written_as_notebook
    from torchbook.course.export.document_text import computed

    chosen = list(chosen)
    files = {document.label: f"{document.file.stem}.{_SUFFIXES.get(to, to)}" for document in chosen}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in chosen:
        state = computed(document, files)
        text = {
            "ipynb": lambda state=state: written_as_notebook(state),
            "html": lambda state=state: written_as_html(state),
            "md": lambda state=state: written_as_markdown(state, folder),
            "marimo": lambda state=state: written_as_marimo(state),
        }[to]()
        file = folder / files[document.label]
        file.write_text(text, encoding="utf-8", newline="\n")
        written.append(file)
    return written


def export_lessons(chosen: Iterable[LessonFile], folder: Path, *, to: Format) -> list[Path]:
    """Runs the lessons and writes each into the folder; returns the files, the list of lessons last."""
    from torchbook.course.export.parts import parts
    from torchbook.course.export.played import play

    chosen = list(chosen)
    files = {lesson.number: f"{lesson.name}.{to}" for lesson in chosen}
    folder.mkdir(parents=True, exist_ok=True)
    for lesson in chosen:
        write_lesson(lesson, list(parts(play(lesson))), files, folder, to=to)
    made = [folder / name for name in files.values()]
    return made + _list(chosen, files, folder, to=to)


def write_lesson(lesson: LessonFile, parts: list[Any], files: dict[int, str], folder: Path, *, to: Format) -> None:
    """Writes the parts of a lesson into its file in the folder."""
    from torchbook.course.export.jupyter import notebook
    from torchbook.course.export.page import page
    from torchbook.course.export.text import written_as_text

    text = {
        "ipynb": lambda: notebook(lesson, parts, files),
        "html": lambda: page(lesson, parts, files),
        "md": lambda: written_as_text(lesson, parts, files, folder=folder),
    }[to]()
    (folder / files[lesson.number]).write_text(text, encoding="utf-8", newline="\n")


def _list(chosen: list[LessonFile], files: dict[int, str], folder: Path, *, to: Format) -> list[Path]:
    """The page that lists the lessons, where there are several."""
    from torchbook.course.export import page, text

    if to == "ipynb" or len(chosen) < 2:
        return []
    name, listing = ("index.html", page.listing) if to == "html" else ("README.md", text.listing)
    (folder / name).write_text(listing(chosen, files), encoding="utf-8", newline="\n")
    return [folder / name]


def _listed() -> Answer:
    from rich.table import Table

    written = {number: read_lesson(file) for number, file in lesson_files().items()}
    minutes = {one.number: written[one.number].minutes if one.number in written else None for one in PLANNED}
    rows = [
        {"number": one.number, "part": one.part, "title": one.title, "minutes": minutes[one.number]}
        | {"written": one.number in written}
        for one in PLANNED
    ]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("no.", "lesson", "minutes", "part"):
        table.add_column(title)
    for one in PLANNED:
        state, style = (str(minutes[one.number] or ""), "") if one.number in written else ("not yet", "dim")
        table.add_row(f"{one.number:02}", one.title, state, one.part, style=style)
    still_open = [
        {"row": row.number, "what": row.what, "lessons": list(row.open(written))}
        for row in read_coverage()
        if row.open(written)
    ]
    return Answer({"lessons": rows, "open": still_open}, table)
