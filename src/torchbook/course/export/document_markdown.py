"""A document as Markdown that reads well on a code host, with its numbers, and its drawings as files beside it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from torchbook.course.export.document_text import (
    Computed,
    drawing_of,
    folded,
    outputs,
    svg_file,
    svg_of,
    text_of_drawing,
)
from torchbook.course.texts.document_diagram import Diagram
from torchbook.course.texts.document_parts import Box, Card, Cell, Control, Guess, Heading, Part, Picture, Prose


def written_as_markdown(computed: Computed, folder: Path) -> str:
    """Returns the document as Markdown; its drawings are written into a folder of its name in `folder`."""
    return _Writer(computed, folder).text()


class _Writer:
    def __init__(self, computed: Computed, folder: Path):
        self.computed, self.folder, self.drawings = computed, folder, 0

    def text(self) -> str:
        blocks = self.blocks(self.computed.document.parts)
        whole = [self.computed.title, *blocks, "---", self.computed.foot]
        return "\n\n".join(block for block in whole if block.strip()) + "\n"

    def blocks(self, parts: Iterable[Part]) -> Iterator[str]:
        for part in parts:
            yield from self.block(part)

    def block(self, part: Part) -> Iterator[str]:
        computed = self.computed
        match part:
            case Heading():
                yield f"{'#' * part.level} {computed.words(part.text)}"
            case Prose():
                yield computed.prose(part)
            case Cell(kind="rubric"):
                yield computed.rubric(part)
            case Cell():
                yield from self.cell(part)
            case Picture() | Diagram():
                yield self.drawing(part)
            case Card(kind="exercise"):
                yield f"{computed.exercise(part.name)}\n\n`torchbook check {part.name}` says whether it is right."
            case Card():
                yield computed.quiz(int(part.name))
            case Guess():
                yield computed.guess(part, self.image)
            case Box(kind="story"):
                yield f"### {computed.words(part.title)}"
                yield from self.blocks(part.parts)
            case Box(kind="beside"):
                yield from self.blocks(part.parts)
            case Box():
                yield folded(part.title or "Deeper", "\n\n".join(self.blocks(part.parts)))
            case Control():
                pass  # its value stands in the sentences below

    def cell(self, part: Cell) -> Iterator[str]:
        code = f"```python\n{part.source}\n```"
        shown = [*outputs(self.computed.shown(part.id)), self.drawing(part)]
        if part.kind in ("stage", "deeper"):
            title = "How this picture is made" if part.kind == "stage" else "Deeper"
            yield folded(title, "\n\n".join([code, *filter(None, shown)]))
        else:
            yield from ([] if part.kind == "hidden" else [code])
            yield from shown

    def drawing(self, part: Cell | Picture | Diagram) -> str:
        drawing, alternative = drawing_of(part, self.computed.shown(part.id))
        words = " ".join(alternative.replace("[", "(").replace("]", ")").split())
        if "<svg" not in drawing:
            return text_of_drawing(drawing) or words
        return self.image(svg_of(drawing), words)

    def image(self, svg: str, words: str) -> str:
        self.drawings += 1
        return f"![{words}]({svg_file(svg, self.folder, self.computed.document.file.stem, self.drawings)})"
