"""The command `torchbook lessons`: which lessons there are, and the written ones for Jupyter and for plain readers."""

import sys
from collections.abc import Iterable, Mapping
from inspect import getdoc
from pathlib import Path
from typing import Literal

from torchbook.command_answer import Answer, nearest
from torchbook.command_arguments import parse
from torchbook.course.authoring.coverage import read_coverage
from torchbook.course.site.outline import outline
from torchbook.course.texts.document import Document, documents, labelled_document, labelled_documents
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
    chosen = {document.label: document for document in map(labelled_document, only or labelled_documents())}
    written = export_documents(chosen.values(), folder, to=to)
    print("formulas in your own notes: /formulas in `torchbook learn` shows how they are written", file=sys.stderr)
    return Answer(
        {"folder": str(folder), "to": to, "files": [str(file) for file in written]}, "\n".join(map(str, written))
    )


def export_documents(chosen: Iterable[Document], folder: Path, *, to: Format) -> list[Path]:
    """Writes documents with their stored state into the folder; returns the files."""
    chosen = list(chosen)
    files = {document.label: f"{document.file.stem}.{_SUFFIXES.get(to, to)}" for document in chosen}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, document in enumerate(chosen, 1):
        print(f"{number} of {len(chosen)}  {files[document.label]}", file=sys.stderr, flush=True)
        file = folder / files[document.label]
        file.write_text(exported_text(document, files, to=to, folder=folder), encoding="utf-8", newline="\n")
        written.append(file)
    return written


def exported_text(document: Document, files: Mapping[str, str], *, to: Format, folder: Path = Path()) -> str:
    """Returns a document with its stored state in a format; `files` are the names of those beside it by their labels.

    The drawings of Markdown are written into a folder of its name in `folder`.
    """
    from torchbook.course.export.document_html import written_as_html
    from torchbook.course.export.document_marimo import written_as_marimo
    from torchbook.course.export.document_markdown import written_as_markdown
    from torchbook.course.export.document_notebook import written_as_notebook
    from torchbook.course.export.document_text import computed

    state = computed(document, files)
    if to == "md":
        return written_as_markdown(state, folder)
    return {"ipynb": written_as_notebook, "html": written_as_html, "marimo": written_as_marimo}[to](state)


def _listed() -> Answer:
    from rich.table import Table

    written = documents()
    minutes = {number: outline(file).minutes for number, file in written.items()}
    rows = [
        {"number": lesson.number, "part": lesson.part, "title": lesson.title, "minutes": minutes.get(lesson.number)}
        | {"written": lesson.number in written}
        for lesson in PLANNED
    ]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("no.", "lesson", "minutes", "part"):
        table.add_column(title)
    for lesson in PLANNED:
        state, style = (str(minutes[lesson.number]), "") if lesson.number in written else ("not yet", "dim")
        table.add_row(f"{lesson.number:02}", lesson.title, state, lesson.part, style=style)
    still_open = [
        {"row": row.number, "what": row.what, "lessons": list(row.open(written))}
        for row in read_coverage()
        if row.open(written)
    ]
    return Answer({"lessons": rows, "open": still_open}, table)
