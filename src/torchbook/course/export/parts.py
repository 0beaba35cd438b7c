"""A lesson that was played, as the parts of a page in their order; the three formats are written from these."""

from collections.abc import Iterator
from dataclasses import dataclass

from torchbook.course.export.played import Played, in_order
from torchbook.course.export.questions import exercise_named
from torchbook.course.export.still import still
from torchbook.course.grading.exercise import Exercise
from torchbook.course.texts.cell import Cell
from torchbook.course.texts.markup import Element, Node, walked


@dataclass(frozen=True)
class Prose:
    """Text with what was computed in it; `cell` is where it stands."""

    cell: Cell
    nodes: list[Node]


@dataclass(frozen=True)
class Task:
    """An exercise, and as a tree its prompt, its starter and how to check it."""

    cell: Cell
    exercise: Exercise
    nodes: list[Node]


@dataclass(frozen=True)
class Code:
    """A cell's code, what it printed and what it shows."""

    cell: Cell
    printed: str
    nodes: list[Node]


Part = Prose | Task | Code


def title_first(found: list[Part]) -> list[Part]:
    """The parts as people read them: the title before the imports."""
    prose = next((part for part in found if isinstance(part, Prose)), None)
    return [prose, *(part for part in found if part is not prose)] if prose else found


def parts(played: list[Played]) -> Iterator[Part]:
    """The parts of a page, in their order."""
    for one in played:
        nodes = still(one.shown)
        if one.cell.shows == "exercise" and not one.cell.defines:
            yield Task(one.cell, exercise_named(str(one.cell.arguments("exercise")[0])), nodes)
        elif one.cell.only_prose or (one.cell.shows == "quiz" and not one.cell.defines):
            yield Prose(one.cell, nodes)
        else:
            yield Code(one.cell, one.printed, nodes)


def pictures(nodes: list[Node]) -> list[Element]:
    """The pictures in a tree."""
    return [element for element in walked(nodes) if element.tag in ("img", "svg")]


def in_running_order(found: list[Part]) -> list[Part]:
    """The parts in an order in which their code runs; text, with its numbers in it, stays where it is."""
    by_cell = {id(part.cell): part for part in found}
    free = [part.cell for part in found if not isinstance(part, Code)]
    return [by_cell[id(cell)] for cell in in_order([part.cell for part in found], free=free)]
