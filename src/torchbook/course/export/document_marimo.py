"""A document as a marimo app: its controls are elements of marimo, and sentences follow their values."""

import re
import textwrap
from collections.abc import Iterable, Iterator

from torchbook.course.export.document_text import Computed, code_of, drawing_of, image_inside
from torchbook.course.runtime.dataflow import NOBODY, steps
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.texts.document_diagram import Diagram
from torchbook.course.texts.document_names import names_of
from torchbook.course.texts.document_parts import Box, Card, Cell, Control, Guess, Heading, Part, Picture, Prose
from torchbook.course.texts.document_values import values
from torchbook.errors import TorchbookError

_OWN = ("mo", "written")


def written_as_marimo(computed: Computed) -> str:
    """Returns the document as a Python file that marimo opens.

    Raises:
        TorchbookError: cells share a name that marimo keeps to one cell, or that it needs itself; with the line.
    """
    return _Writer(computed).text()


class _Writer:
    def __init__(self, computed: Computed):
        self.computed, self.document = computed, computed.document
        self.made: set[str] = set(_OWN)
        for step in steps(self.document):
            for name in step.made - NOBODY:
                if name.startswith("_") or name in _OWN or name.endswith("_control"):
                    raise TorchbookError(
                        f"{self.document.name}:{step.part.line}: {name!r} cannot be a name in marimo; choose another"
                    )
                self.made.add(name)

    def text(self) -> str:
        head = f"import marimo\n\napp = marimo.App(app_title={self.document.front.title!r})\n"
        first = "import marimo as mo\n\nfrom torchbook.course.export.marimo_text import written"
        cells = [self.cell(first, hidden=True), self.prose(self.computed.title)]
        cells += self.cells(self.document.parts)
        return "\n\n".join([head, *cells, 'if __name__ == "__main__":\n    app.run()\n'])

    def cells(self, parts: Iterable[Part]) -> Iterator[str]:
        computed = self.computed
        for part in parts:
            match part:
                case Heading():
                    yield self.prose(f"{'#' * part.level} {computed.words(part.text)}")
                case Prose():
                    yield self.prose(computed.words(part.text), part)
                case Control():
                    yield from self.control(part)
                case Cell(kind="rubric"):
                    yield self.prose(computed.rubric(part))
                case Cell():
                    source = re.sub(
                        r"\bexcept Exception as error:\n(.*)= error\n(.*)repr\(error\)",
                        r"except Exception as _error:\n\1= _error\n\2repr(_error)",
                        code_of(part),
                    )
                    yield self.cell(source, hidden=part.kind in ("hidden", "stage"))
                case Picture():
                    yield self.cell(f"mo.ui.anywidget({part.expression})", hidden=True)
                case Diagram():
                    yield self.cell(f"mo.Html({drawing_of(part, Fragment())[0]!r})", hidden=True)
                case Card(kind="exercise"):
                    check = f"`torchbook check {part.name}` says whether it is right."
                    yield self.prose(f"{computed.exercise(part.name)}\n\n{check}")
                case Card():
                    yield self.prose(computed.quiz(int(part.name)))
                case Guess():
                    yield self.prose(computed.guess(part, image_inside))
                case Box():
                    if part.title and part.kind in ("story", "deeper"):
                        yield self.prose(f"### {computed.words(part.title)}")
                    yield from self.cells(part.parts)

    def control(self, part: Control) -> Iterator[str]:
        """A control of marimo, and a cell that gives its value the name that the document has for it."""
        if part.kind == "button":
            element = "mo.ui.button(value=0, on_click=lambda value: value + 1, "
        elif part.expression or part.options:
            options = part.expression or repr(list(part.options))
            first = "" if part.expression else f", value={str(part.value)!r}"
            element = f"mo.ui.dropdown({{str(option): option for option in {options}}}{first}, "
            if part.expression:
                element += f"value=str(list({options})[0]), "
        else:
            ends = (
                f"{name}={end!r}" for name, end in (("start", part.minimum), ("stop", part.maximum)) if end is not None
            )
            step = [f"step={part.step!r}"] if part.step else []
            kind = "slider" if part.kind == "slider" else "number"
            element = f"mo.ui.{kind}({', '.join([*ends, *step, f'value={part.value!r}'])}, "
        yield self.cell(f"{part.name}_control = {element}label={part.label!r})\n{part.name}_control", hidden=True)
        self.made.add(f"{part.name}_control")
        yield self.cell(f"{part.name} = {part.name}_control.value", hidden=True)

    def prose(self, text: str, part: Prose | None = None) -> str:
        """A cell with a text, and the values in it if it is a part of the document."""
        inside = values(text, part.line, self.document.name) if part else ()
        if not inside:
            return self.cell(f"mo.md({_quoted(text)})", hidden=True)
        results = "".join(f"    {value.expression},\n" for value in inside)
        return self.cell(f"mo.md(written(\n    {_quoted(text)},\n{results}))", hidden=True)

    def cell(self, source: str, *, hidden: bool = False) -> str:
        names = names_of(source)
        made = sorted(names.made & self.made) or sorted(name for name in names.made if name.endswith("_control"))
        taken = ", ".join(sorted(names.used & (self.made | {name for name in names.used if name.endswith("_control")})))
        mark = "@app.cell(hide_code=True)" if hidden else "@app.cell"
        returned = f"    return ({', '.join(made)},)" if made else "    return"
        return f"{mark}\ndef _({taken}):\n{textwrap.indent(source, '    ')}\n{returned}\n"


def _quoted(text: str) -> str:
    """The text as a string of Python: over several lines as it stands, if that is possible."""
    if '"""' in text or text.endswith(('"', "\\")) or "\\N" in text:
        return repr(text)
    return f'r"""\n{text}\n"""'
