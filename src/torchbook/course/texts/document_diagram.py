"""A diagram of boxes and arrows, as a few lines of a document say it.

    ::: diagram How training goes round
    forward | the model guesses → loss → backward → step → forward
    :::

A line is a chain of boxes; a box with the same name is the same box, and what stands after `|` is written small in it.
A chain that ends where it begins, alone, is drawn as a circle. The title is for those who do not see it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from torchbook.errors import TorchbookError

ARROW = "→"


@dataclass(frozen=True)
class Diagram:
    """A diagram: its title, its boxes as pairs of a name and a note, and its arrows as pairs of places in `boxes`."""

    id: str
    line: int
    title: str
    boxes: tuple[tuple[str, str], ...]
    arrows: tuple[tuple[int, int], ...]

    @property
    def is_circle(self) -> bool:
        """Returns True if the arrows lead through all boxes once and back to the first."""
        count = len(self.boxes)
        return self.arrows == tuple((place, (place + 1) % count) for place in range(count))

    @property
    def columns(self) -> tuple[int, ...]:
        """The column of each box in a drawing from left to right: after all boxes that lead to it."""
        columns = [0] * len(self.boxes)
        for _ in self.boxes:
            for start, end in self.arrows:
                columns[end] = max(columns[end], columns[start] + 1)
        return tuple(columns)

    @property
    def words(self) -> str:
        """The diagram as a sentence for each box."""
        names = [name for name, _ in self.boxes]
        leads = [
            f"{names[start]} leads to {' and '.join(names[end] for begin, end in self.arrows if begin == start)}."
            for start in dict.fromkeys(start for start, _ in self.arrows)
        ]
        return f"{self.title.rstrip('.')}. {' '.join(leads)}"


def read_diagram(title: str, lines: Sequence[str], line: int, id: str, name: str) -> Diagram:
    """The diagram that `lines` describe, which begin after line `line` of the document `name`.

    Raises:
        TorchbookError: it has no title or no arrow, a box has no name, or the arrows go round and it is no circle.
    """
    place = f"{name}:{line}"
    if not title:
        raise TorchbookError(f"{place}: a diagram needs words for those who do not see it, as in '::: diagram A title'")
    notes: dict[str, str] = {}
    arrows: dict[tuple[str, str], None] = {}
    for number, text in enumerate(lines, line + 1):
        if not text.strip():
            continue
        chain = [tuple(part.strip() for part in box.partition("|")[::2]) for box in text.split(ARROW)]
        if len(chain) < 2 or not all(box for box, _ in chain):
            raise TorchbookError(f"{name}:{number}: expected boxes with arrows between, 'data → model', got {text!r}")
        for box, note in chain:
            notes[box] = note or notes.get(box, "")
        arrows |= dict.fromkeys((start, end) for (start, _), (end, _) in pairwise(chain))
    if not arrows:
        raise TorchbookError(f"{place}: a diagram needs a line such as 'data → model'")
    order = {box: number for number, box in enumerate(notes)}
    pairs = tuple((order[start], order[end]) for start, end in arrows)
    diagram = Diagram(id, line, title, tuple(notes.items()), pairs)
    if not diagram.is_circle and max(diagram.columns) >= len(notes):
        raise TorchbookError(f"{place}: these arrows go round; only one circle through all boxes can be drawn")
    return diagram
