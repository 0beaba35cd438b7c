"""A lesson as a notebook for Jupyter, Colab and their like, and what such a notebook needs while it runs there."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from torchbook.course.export.as_markdown import alternative_of, markdown
from torchbook.course.export.drawings import as_images, content
from torchbook.course.export.formulas import as_dollars
from torchbook.course.export.links import linked
from torchbook.course.export.parts import Code, Part, Prose, Task, in_running_order, pictures
from torchbook.course.export.questions import how_to_check, prompt
from torchbook.course.texts.lesson import LessonFile
from torchbook.course.texts.markup import Element, Node, texts, written

FIRST = """# What this notebook needs: torchbook, with what shows its pictures and checks your answers here.
import importlib.util, subprocess, sys
if importlib.util.find_spec("torchbook") is None:
    subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "torchbook"])
from torchbook.course.export.session import prepare
prepare()"""


def notebook(lesson: LessonFile, parts: Iterable[Part], files: Mapping[int, str]) -> str:
    """The lesson as the text of a file `.ipynb`."""
    cells = [_code(FIRST, hidden=True)]
    for part in in_running_order(list(parts)):
        if isinstance(part, Prose):
            cells.append(_markdown(markdown(linked(part.nodes, files), place=lambda _: "")))
        elif isinstance(part, Task):
            asked = part.exercise
            save = f"Running the next cell saves your answer and checks it. {how_to_check(asked)}"
            cells.append(_markdown(f"{prompt(asked)}\n\n{save}"))
            cells.append(_code(f"%%answer {asked.name}\n{asked.starter.rstrip()}"))
        else:
            cells.append(_ran(part))
    for number, cell in enumerate(cells):
        cell["id"] = f"{lesson.name[:50].replace('_', '-')}-{number:03}"
    about = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "title": lesson.title,
    }
    whole = {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "", "metadata": {}, "source": _lines(source)}


def _code(source: str, *, hidden: bool = False, outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": "",
        "execution_count": None,
        # Jupyter folds the first, Colab the second.
        "metadata": {"jupyter": {"source_hidden": True}, "cellView": "form"} if hidden else {},
        "outputs": outputs or [],
        "source": _lines(source),
    }


def _ran(part: Code) -> dict[str, Any]:
    outputs: list[dict[str, Any]] = []
    if part.printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": _lines(part.printed)})
    if part.nodes and (data := bundle(part.nodes)):
        lines = {kind: text if kind == "image/png" else _lines(text) for kind, text in data.items()}
        outputs.append({"output_type": "display_data", "metadata": {}, "data": lines})
    return _code(part.cell.source, hidden=part.cell.hidden, outputs=outputs)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def bundle(nodes: list[Node]) -> dict[str, str]:
    """What a tree is to a notebook: one representation or several of which it takes the best it can show."""
    only = _only(nodes)
    said = markdown(nodes, place=lambda _: "")
    if isinstance(only, Element) and only.tag == "pre":
        return {"text/plain": texts([only])}
    images = as_images(nodes)
    if isinstance(only, Element) and only in pictures([only]) and (found := content(only)):
        kind, data = found
        drawn = data.decode() if kind == "image/svg+xml" else base64.b64encode(data).decode()
        # An image in HTML is shown in notebooks that nobody has declared to be trusted, a drawing alone is not.
        tag = {"text/html": written(images)} if kind == "image/svg+xml" else {}
        return {kind: drawn, **tag, "text/plain": alternative_of(only)}
    if not said and not pictures(nodes):
        return {}
    return {"text/html": written(as_dollars(images)), "text/plain": re.sub(r"\n{2,}", "\n", said)}


def _only(nodes: list[Node]) -> Node | None:
    """The one thing that a tree consists of, if it is one."""
    while True:
        nodes = [node for node in nodes if not isinstance(node, str) or node.strip()]
        if len(nodes) != 1:
            return None
        if isinstance(nodes[0], str) or nodes[0].tag not in ("div", "figure", "p", "span"):
            return nodes[0]
        nodes = nodes[0].children
