"""A document as a notebook for Jupyter, Colab and their like, with what its cells have shown; it runs as it is."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from torchbook.course.export.document_text import Computed, code_of, drawing_of, image_inside, svg_of, text_of_drawing
from torchbook.course.export.questions import exercise_named
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.texts.document_diagram import Diagram
from torchbook.course.texts.document_parts import Box, Card, Cell, Control, Guess, Heading, Part, Picture, Prose

FIRST = """# What this notebook needs: torchbook, and cells that check your answers.
import importlib.util, subprocess, sys
if importlib.util.find_spec("torchbook") is None:
    subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "torchbook"])
from torchbook.course.export.answer_cell import prepare
prepare()"""


def written_as_notebook(computed: Computed) -> str:
    """Returns the document as the text of a file `.ipynb`."""
    cells = [_code(FIRST, hidden=True), _text(computed.title)]
    cells += _cells(computed, computed.document.parts)
    cells.append(_text(f"---\n\n{computed.foot}"))
    for number, cell in enumerate(cells):
        cell["id"] = f"{computed.document.file.stem[:50].replace('_', '-')}-{number:03}"
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": computed.document.front.title,
    }
    whole = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _cells(computed: Computed, parts: Iterable[Part]) -> Iterator[dict[str, Any]]:
    for part in parts:
        match part:
            case Heading():
                yield _text(f"{'#' * part.level} {computed.words(part.text)}")
            case Prose():
                yield _text(computed.prose(part))
            case Cell(kind="rubric"):
                if rubric := computed.rubric(part):
                    yield _text(rubric)
            case Control() | Cell() | Picture():
                hidden = isinstance(part, Picture) or (isinstance(part, Cell) and part.kind in ("hidden", "stage"))
                yield _code(code_of(part), hidden=hidden, outputs=list(_outputs(computed.shown(part.id))))
            case Diagram():
                drawing, words = drawing_of(part, Fragment())
                yield _code("", hidden=True, outputs=[_drawing(drawing, words)])
            case Card(kind="exercise"):
                save = "Running the next cell saves your answer and checks it."
                yield _text(f"{computed.exercise(part.name)}\n\n{save}")
                yield _code(f"%%answer {part.name}\n{exercise_named(part.name).starter.rstrip()}")
            case Card():
                yield _text(computed.quiz(int(part.name)))
            case Guess():
                yield _text(computed.guess(part, image_inside))
            case Box():
                if part.title and part.kind in ("story", "deeper"):
                    yield _text(f"### {computed.words(part.title)}")
                yield from _cells(computed, part.parts)


def _text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": _lines(source)}


def _code(source: str, *, hidden: bool = False, outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    # Jupyter folds the first, Colab the second.
    metadata = {"jupyter": {"source_hidden": True}, "cellView": "form"} if hidden else {}
    about = {"cell_type": "code", "id": "", "execution_count": None, "metadata": metadata}
    return about | {"outputs": outputs or [], "source": _lines(source)}


def _outputs(shown: Fragment) -> Iterator[dict[str, Any]]:
    if shown.printed:
        yield {"output_type": "stream", "name": "stdout", "text": _lines(shown.printed)}
    if shown.error:
        yield {"output_type": "stream", "name": "stdout", "text": _lines(f"{shown.error}\n")}
    if shown.value:
        yield _data({"text/plain": _lines(shown.value)})
    if shown.table or shown.markdown:
        yield _data({"text/html": _lines(shown.table)} if shown.table else {"text/markdown": _lines(shown.markdown)})
    if shown.drawing:
        yield _drawing(shown.drawing, shown.alternative)


def _drawing(drawing: str, words: str) -> dict[str, Any]:
    from torchbook.course.export.drawings import alone

    if "<svg" not in drawing:
        return _data({"text/plain": _lines(text_of_drawing(drawing) or words)})
    svg = alone(svg_of(drawing))
    return _data({"image/svg+xml": _lines(svg), "text/plain": _lines(words)})


def _data(data: dict[str, list[str]]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)
