"""The graph that the learner's own autograd engine has recorded, as the events of a `Graph`.

Such an engine is the `Value` of lesson 09: a number in `data`, its gradient in `grad`, the `parents` it was made of and
the `slopes` with which it changes with each of them. It runs in a worker; what `noted` gives comes back from there.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from torchbook.course.pictures.graph_events import Arrived, Began, Changed, Ended, Event, Made, Node


def noted(value: Any, **names: Any) -> list[dict[str, Any]]:
    """Returns a Value and all it was made of as plain data, parents first; `names` are Values that have a name."""
    order: list[Any] = []

    def visit(node: Any) -> None:
        if all(node is not other for other in order):
            for parent in node.parents:
                visit(parent)
            order.append(node)

    visit(value)
    name_of = {id(entry): name for name, entry in names.items()}
    index = {id(entry): number for number, entry in enumerate(order)}
    return [
        {
            "name": name_of.get(id(entry), ""),
            "data": float(entry.data),
            "grad": float(entry.grad),
            "parents": [index[id(parent)] for parent in entry.parents],
            "slopes": [float(slope) for slope in entry.slopes],
        }
        for entry in order
    ]


def walk(notes: list[Mapping[str, Any]]) -> list[Event]:
    """Returns the steps of the engine's `backward` from the last note; every number keeps its gradient there."""
    nodes: list[Node] = []
    for note in notes:
        operands = tuple(nodes[place] for place in note["parents"])
        initial_gradient = {"gradient": _number(0.0)} if not operands else {}
        nodes.append(
            Node(_number(note["data"]), _sign(note, notes), operands, True, name=note["name"], **initial_gradient)  # type: ignore[arg-type]
        )
        nodes[-1].flows = nodes[-1].sources
    events: list[Event] = [Made(node) for node in nodes if node.operands]
    events.append(Began(nodes[-1]))
    for node, note in zip(reversed(nodes), reversed(notes)):
        gradient = _number(note["grad"])
        if not node.operands:
            events.append(Changed(node, "added", _number(0.0), gradient))
            continue
        slopes: dict[Node, tuple] = {}
        for source, slope in zip(node.operands, note["slopes"]):
            slopes[source] = (*slopes.get(source, ()), _number(slope))
        parts = {source: tuple(slope * gradient for slope in ways) for source, ways in slopes.items()}
        events.append(Arrived(node, gradient, parts, slopes))
    events.append(Ended(nodes[-1], tuple(node for node in nodes if node.operands), graph_kept=True))
    return events


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


def _sign(note: Mapping[str, Any], notes: list[Mapping[str, Any]]) -> str:
    """Guesses the operation, which the engine does not record, from the number and its parents."""
    values = [notes[place]["data"] for place in note["parents"]]
    if len(values) == 2:
        if note["slopes"] == [1.0, 1.0] and note["data"] == sum(values):
            return "add"
        if note["data"] == values[0] * values[1]:
            return "mul"
    return "f" if values else ""
