"""The graph that an engine of the learner's own has noted, as the events of a `Graph`.

Such an engine is the `Value` of lesson 09: a number in `data`, its gradient in `grad`, the `parents` it was made of and
the `slopes` with which it changes with each of them. It runs in a worker; what `noted` gives comes back from there.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from torchbook.course.pictures.graph_events import Arrived, Began, Changed, Ended, Event, Made, Node


def noted(value: Any, **names: Any) -> list[dict[str, Any]]:
    """All that a Value was made of and itself, parents first, as plain data; `names` are Values that have a name."""
    order: list[Any] = []

    def visit(one: Any) -> None:
        if all(one is not other for other in order):
            for parent in one.parents:
                visit(parent)
            order.append(one)

    visit(value)
    called = {id(one): name for name, one in names.items()}
    place = {id(one): number for number, one in enumerate(order)}
    return [
        {
            "name": called.get(id(one), ""),
            "data": float(one.data),
            "grad": float(one.grad),
            "parents": [place[id(parent)] for parent in one.parents],
            "slopes": [float(slope) for slope in one.slopes],
        }
        for one in order
    ]


def walk(notes: list[Mapping[str, Any]]) -> list[Event]:
    """The steps of the engine's `backward` from the last of the notes; every number keeps its gradient there."""
    nodes: list[Node] = []
    for note in notes:
        operands = tuple(nodes[place] for place in note["parents"])
        given = {"gradient": _number(0.0)} if not operands else {}
        nodes.append(
            Node(_number(note["data"]), _sign(note, notes), operands, True, name=note["name"], **given)  # type: ignore[arg-type]
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
        parts = {source: tuple(one * gradient for one in ways) for source, ways in slopes.items()}
        events.append(Arrived(node, gradient, parts, slopes))
    events.append(Ended(nodes[-1], tuple(node for node in nodes if node.operands), graph_kept=True))
    return events


def _number(value: float) -> Tensor:
    return torch.tensor(value, dtype=torch.float64)


def _sign(note: Mapping[str, Any], notes: list[Mapping[str, Any]]) -> str:
    """The operation, which the engine has not noted, told from the number and its parents."""
    values = [notes[place]["data"] for place in note["parents"]]
    if len(values) == 2:
        if note["slopes"] == [1.0, 1.0] and note["data"] == sum(values):
            return "add"
        if note["data"] == values[0] * values[1]:
            return "mul"
    return "f" if values else ""
