"""Tells what a tape has recorded, one step at a time: what is to be seen at each step, and a sentence that says it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from torch import Tensor

from torchbook.course.pictures.graph_events import Arrived, Began, Changed, Ended, Event, Made, Node, Noted
from torchbook.course.pictures.graph_layers import arranged
from torchbook.course.pictures.graph_signs import called, formula, sign, written


class Story:
    """The graphs and the steps of a recorded computation, as plain data for a picture.

    `graphs` has one graph for each forward pass: its nodes with their places and its edges. `steps` say what is to be
    seen, one after the other: the number of the graph, the `values` and `gradients` known by now, what is `active`,
    what came along the edges (`parts`), whether the graph is `gone`, and what is `said`.
    """

    def __init__(self, events: Sequence[Event]):
        self._shown = _shown(events)
        _names_of_earlier_turns(self._shown)
        nodes = dict.fromkeys(node for turn in self._shown for node in turn)
        self._keys = {node: f"n{number}" for number, node in enumerate(nodes)}
        self.graphs = [self._graph(turn) for turn in self._shown]
        self.steps: list[dict[str, Any]] = []
        self._values = {key: written(node.value) for node, key in self._keys.items() if not node.operands}
        self._gradients = {key: written(node.gradient) for node, key in self._keys.items() if not node.operands}
        self._parts: dict[str, str] = {}
        self._ways: dict[Node, list[Tensor]] = defaultdict(list)
        self._turn, self._gone = 0, False
        if self._shown:
            self._step("start", _beginning(self._shown[0]))
            for what, same in groupby(events, key=_alike):
                self._tell(what, list(same))

    def _graph(self, nodes: list[Node]) -> dict[str, Any]:
        layout = arranged({node: node.sources for node in nodes})
        return {
            "nodes": [
                {
                    "key": self._keys[node],
                    "name": node.name or ("" if node.operands else called(node)),
                    "sign": sign(node),
                    "kind": "result" if node.operands else "leaf" if node.asked else "given",
                    "asked": node.asked,
                    "place": layout.places[node],
                }
                for node in nodes
            ],
            "edges": [
                {
                    "key": self._edge(source, node),
                    "from": self._keys[source],
                    "to": self._keys[node],
                    "flows": source in node.flows,
                    "cut": source.asked and source not in node.flows,
                    "way": layout.ways[source, node],
                }
                for node in nodes
                for source in node.operands
                if isinstance(source, Node)
            ],
        }

    def _edge(self, source: Node, node: Node) -> str:
        return f"{self._keys[source]}-{self._keys[node]}"

    def _step(self, phase: str, said: str, *, active: Iterable[Node] = (), edges: Iterable[str] = ()) -> None:
        self.steps.append(
            {
                "graph": self._turn,
                "phase": phase,
                "said": said,
                "active": [*(self._keys[node] for node in active), *edges],
                "values": dict(self._values),
                "gradients": dict(self._gradients),
                "parts": dict(self._parts),
                "gone": self._gone,
            }
        )

    def _tell(self, what: str, events: list[Any]) -> None:
        first = events[0]
        if isinstance(first, Changed) and first.node not in self._keys:
            return
        if what in ("cleared", "updated"):
            self._changes(what, [event for event in events if event.node in self._keys])
        elif isinstance(first, Noted):
            self._step("note", first.text)
        elif isinstance(first, Changed):
            self._added(first)
        elif isinstance(first, Made):
            if any(first.node in nodes for nodes in self._shown):
                self._made(first.node)
        elif isinstance(first, Began):
            self._gradients[self._keys[first.node]] = "1"
            root = called(first.node)
            said = f"backward() begins at {root}. It changes exactly as fast as itself, so its gradient is 1."
            self._step("backward", said, active=[first.node])
        elif isinstance(first, Arrived):
            self._arrived(first)
        elif isinstance(first, Ended):
            self._ended(first)

    def _made(self, node: Node) -> None:
        turn = next(number for number, nodes in enumerate(self._shown) if node in nodes)
        said = ""
        if turn != self._turn:
            self._turn, self._gone = turn, False
            self._forget()
            said = "A new pass, and a new graph. "
        self._values[self._keys[node]] = written(node.value)
        numbers = {one: self._values[self._keys[one]] for one in node.sources}
        with_numbers = "" if node.sign == "detach" else formula(node, numbers=numbers)
        parts = [node.name, formula(node), with_numbers, written(node.value)]
        said += f"Forward: {' = '.join(dict.fromkeys(part for part in parts if part))}."
        if node.why == "no_grad":
            said += " Under no_grad nothing is noted down: there is no way back from here."
        elif node.why == "detach":
            said += " The same number, cut off: there is no way back from here."
        self._step("forward", said, active=[node], edges=[self._edge(source, node) for source in node.sources])

    def _forget(self) -> None:
        for node, key in self._keys.items():
            if node.operands:
                self._values.pop(key, None)
                self._gradients.pop(key, None)
        self._parts.clear()
        self._ways.clear()

    def _arrived(self, event: Arrived) -> None:
        node, arriving = event.node, written(event.gradient)
        self._gradients[self._keys[node]] = arriving
        said = [self._met(node, arriving)]
        for source in node.sources:
            if source not in node.flows:
                said.append(f"{called(source)} gets none: {_why(source)}.")
                continue
            parts, slopes = event.parts.get(source, ()), event.slopes.get(source, ())
            for part, slope in zip(parts, slopes or [None] * len(parts)):
                by = f"{arriving} · {_inside(written(slope))} = " if slope is not None else ""
                said.append(f"{called(source)} gets {by}{written(part)}.")
            self._ways[source] += parts
            self._parts[self._edge(source, node)] = _sum(parts)
        edges = [self._edge(source, node) for source in node.flows]
        self._step("backward", " ".join(filter(None, said)), active=[node], edges=edges)

    def _met(self, node: Node, arriving: str) -> str:
        """Where a gradient stands before it goes on."""
        name, ways = called(node), self._ways[node]
        met = f"{len(ways)} ways meet at {name}: {_sum(ways)} = {arriving}." if len(ways) > 1 else ""
        return f"{met or f'{name} has the gradient {arriving}.'} Back through {sign(node)}:"

    def _added(self, event: Changed) -> None:
        node, name = event.node, called(event.node)
        self._gradients[self._keys[node]] = written(event.after)
        ways = self._ways.pop(node, [])
        amount = _sum(ways)
        said = f"{len(ways)} ways meet at {name}: {amount}. " if len(ways) > 1 else ""
        if event.before is None or not event.before.any():
            said += f"{name}.grad was {written(event.before)}, now it is {written(event.after)}."
        else:
            said += (
                f"{name}.grad was {written(event.before)} already. backward() adds {amount} to it: "
                f"now it is {written(event.after)}."
            )
        self._step("leaf", said, active=[node])

    def _changes(self, what: str, events: list[Changed]) -> None:
        said = []
        for event in events:
            key, name = self._keys[event.node], called(event.node)
            if what == "cleared":
                self._gradients[key] = written(event.after)
                said.append(f"{name}.grad was {written(event.before)}, now it is {written(event.after)}")
            else:
                self._values[key] = written(event.after)
                said.append(f"{name} was {written(event.before)}, now it is {written(event.after)}")
        begin = "The gradients are set back" if what == "cleared" else "A step"
        self._step(what, f"{begin}: {'; '.join(said)}.", active=[event.node for event in events])

    def _ended(self, event: Ended) -> None:
        leaves = [node for node in self._shown[self._turn] if node.leaf]
        for node in self._shown[self._turn]:
            if node.operands:
                key = self._keys[node]
                if node not in event.kept:
                    self._gradients.pop(key, None)
        self._parts.clear()
        self._ways.clear()
        self._gone = not event.graph_kept
        told = ", ".join(f"{called(node)}.grad is {self._gradients[self._keys[node]]}" for node in leaves)
        graph = "the graph is kept for once more" if event.graph_kept else "the graph is given up"
        if len(event.kept) == sum(bool(node.operands) for node in self._shown[self._turn]):
            kept = "All gradients in the middle are kept"
        else:
            kept = "The gradients in the middle have served"
            kept += f": only that of {' and '.join(map(called, event.kept))} is kept" if event.kept else ""
        said = f"backward() is done: {told}. {kept}, and {graph}."
        self._step("done", said, active=leaves)


def _alike(event: Event) -> str:
    """Changes of several leaves by one line of code are told together, everything else by itself."""
    return event.what if isinstance(event, Changed) and event.what != "added" else str(id(event))


def _shown(events: Sequence[Event]) -> list[list[Node]]:
    """The nodes of each forward pass: whatever led to a `backward` or to a tensor with a name."""
    made = [event.node for event in events if isinstance(event, Made)]
    ends = {event.node for event in events if isinstance(event, Began)} | {node for node in made if node.name}
    ends = ends or set(made)
    turns = []
    for turn in dict.fromkeys(node.turn for node in made):
        wanted = set()
        for node in reversed(made):
            if node.turn <= turn and (node in wanted or (node in ends and node.turn == turn)):
                wanted |= {node, *node.sources}
        if wanted:
            # In the order of the computation, each operand right before its first use and the left one first.
            results = [node for node in made if node in wanted]
            turns.append(list(dict.fromkeys(one for node in results for one in (*node.sources, node))))
    return turns


def _names_of_earlier_turns(turns: list[list[Node]]) -> None:
    """A loop leaves its names with what it made last; what it made at the same place before is called the same."""
    for later, earlier in zip(turns[::-1], turns[-2::-1]):
        new, old = ([node for node in nodes if node.operands] for nodes in (later, earlier))
        if [sign(node) for node in new] == [sign(node) for node in old]:
            for one, other in zip(new, old):
                other.name = other.name or one.name


def _beginning(nodes: list[Node]) -> str:
    def listed(asked: bool) -> Iterator[str]:
        for node in nodes:
            if not node.operands and node.asked == asked:
                yield f"{node.name} = {written(node.value)}" if node.name else called(node)

    with_gradient, without = list(listed(True)), list(listed(False))
    said = []
    if with_gradient:
        said.append(f"A gradient is asked for {' and '.join(with_gradient)}")
    if without:
        said.append(f"{'none' if said else 'No gradient is asked'} for {' and '.join(without)}")
    return f"Before the first step. {', '.join(said)}."


def _why(node: Node) -> str:
    return {"detach": "it is cut off", "no_grad": "nothing was noted down"}.get(node.why, node.why)


def _sum(parts: Sequence[Tensor]) -> str:
    return " + ".join(_inside(written(part)) if number else written(part) for number, part in enumerate(parts))


def _inside(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
