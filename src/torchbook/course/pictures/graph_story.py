"""Turns the events of a tape into steps, each with what the picture shows and a sentence that explains it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from torch import Tensor

from torchbook.course.pictures.graph_events import Arrived, Began, Changed, Ended, Event, Made, Node, Noted
from torchbook.course.pictures.graph_layers import arrange
from torchbook.course.pictures.graph_signs import formula, name_of, sign, tensor_as_text


class Story:
    """The graphs and the steps of a recorded computation, as plain data for a picture.

    `graphs` has one graph for each forward pass: its nodes with their places and its edges. `steps` say what is to be
    seen, one after the other: the number of the graph, the `values` and `gradients` known by now, what is `active`,
    what came along the edges (`parts`), whether the graph is `gone`, and what is `said`.
    """

    def __init__(self, events: Sequence[Event]):
        self._shown = _nodes_by_turn(events)
        _name_earlier_turns(self._shown)
        nodes = dict.fromkeys(node for turn in self._shown for node in turn)
        self._keys = {node: f"n{number}" for number, node in enumerate(nodes)}
        self.graphs = [self._graph(turn) for turn in self._shown]
        self.steps: list[dict[str, Any]] = []
        self._values = {key: tensor_as_text(node.value) for node, key in self._keys.items() if not node.operands}
        self._gradients = {key: tensor_as_text(node.gradient) for node, key in self._keys.items() if not node.operands}
        self._parts: dict[str, str] = {}
        self._ways: dict[Node, list[Tensor]] = defaultdict(list)
        self._turn, self._gone = 0, False
        if self._shown:
            self._step("start", _beginning(self._shown[0]))
            for kind, alike in groupby(events, key=_group_key):
                self._tell(kind, list(alike))

    def _graph(self, nodes: list[Node]) -> dict[str, Any]:
        layout = arrange({node: node.sources for node in nodes})
        return {
            "nodes": [
                {
                    "key": self._keys[node],
                    "name": node.name or ("" if node.operands else name_of(node)),
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

    def _step(self, phase: str, sentence: str, *, active: Iterable[Node] = (), edges: Iterable[str] = ()) -> None:
        self.steps.append(
            {
                "graph": self._turn,
                "phase": phase,
                "said": sentence,
                "active": [*(self._keys[node] for node in active), *edges],
                "values": dict(self._values),
                "gradients": dict(self._gradients),
                "parts": dict(self._parts),
                "gone": self._gone,
            }
        )

    def _tell(self, kind: str, events: list[Any]) -> None:
        first = events[0]
        if isinstance(first, Changed) and first.node not in self._keys:
            return
        if kind in ("cleared", "updated"):
            self._changes(kind, [event for event in events if event.node in self._keys])
        elif isinstance(first, Noted):
            self._step("note", first.text)
        elif isinstance(first, Changed):
            self._added(first)
        elif isinstance(first, Made):
            if any(first.node in nodes for nodes in self._shown):
                self._made(first.node)
        elif isinstance(first, Began):
            self._gradients[self._keys[first.node]] = "1"
            root = name_of(first.node)
            sentence = f"backward() begins at {root}. It changes exactly as fast as itself, so its gradient is 1."
            self._step("backward", sentence, active=[first.node])
        elif isinstance(first, Arrived):
            self._arrived(first)
        elif isinstance(first, Ended):
            self._ended(first)

    def _made(self, node: Node) -> None:
        turn = next(number for number, nodes in enumerate(self._shown) if node in nodes)
        sentence = ""
        if turn != self._turn:
            self._turn, self._gone = turn, False
            self._forget()
            sentence = "A new pass, and a new graph. "
        self._values[self._keys[node]] = tensor_as_text(node.value)
        numbers = {source: self._values[self._keys[source]] for source in node.sources}
        with_numbers = "" if node.sign == "detach" else formula(node, numbers=numbers)
        parts = [node.name, formula(node), with_numbers, tensor_as_text(node.value)]
        sentence += f"Forward: {' = '.join(dict.fromkeys(part for part in parts if part))}."
        if node.why == "no_grad":
            sentence += " Under no_grad nothing is noted down: there is no way back from here."
        elif node.why == "detach":
            sentence += " The same number, cut off: there is no way back from here."
        self._step("forward", sentence, active=[node], edges=[self._edge(source, node) for source in node.sources])

    def _forget(self) -> None:
        for node, key in self._keys.items():
            if node.operands:
                self._values.pop(key, None)
                self._gradients.pop(key, None)
        self._parts.clear()
        self._ways.clear()

    def _arrived(self, event: Arrived) -> None:
        node, arriving = event.node, tensor_as_text(event.gradient)
        self._gradients[self._keys[node]] = arriving
        sentences = [self._meeting(node, arriving)]
        for source in node.sources:
            if source not in node.flows:
                sentences.append(f"{name_of(source)} gets none: {_reason(source)}.")
                continue
            parts, slopes = event.parts.get(source, ()), event.slopes.get(source, ())
            for part, slope in zip(parts, slopes or [None] * len(parts)):
                by = f"{arriving} · {_bracketed(tensor_as_text(slope))} = " if slope is not None else ""
                sentences.append(f"{name_of(source)} gets {by}{tensor_as_text(part)}.")
            self._ways[source] += parts
            self._parts[self._edge(source, node)] = _sum(parts)
        edges = [self._edge(source, node) for source in node.flows]
        self._step("backward", " ".join(filter(None, sentences)), active=[node], edges=edges)

    def _meeting(self, node: Node, arriving: str) -> str:
        """Returns a sentence about the gradient at a node before it goes on."""
        name, ways = name_of(node), self._ways[node]
        met = f"{len(ways)} ways meet at {name}: {_sum(ways)} = {arriving}." if len(ways) > 1 else ""
        return f"{met or f'{name} has the gradient {arriving}.'} Back through {sign(node)}:"

    def _added(self, event: Changed) -> None:
        node, name = event.node, name_of(event.node)
        self._gradients[self._keys[node]] = tensor_as_text(event.after)
        ways = self._ways.pop(node, [])
        amount = _sum(ways)
        sentence = f"{len(ways)} ways meet at {name}: {amount}. " if len(ways) > 1 else ""
        if event.before is None or not event.before.any():
            sentence += f"{name}.grad was {tensor_as_text(event.before)}, now it is {tensor_as_text(event.after)}."
        else:
            sentence += (
                f"{name}.grad was {tensor_as_text(event.before)} already. backward() adds {amount} to it: "
                f"now it is {tensor_as_text(event.after)}."
            )
        self._step("leaf", sentence, active=[node])

    def _changes(self, kind: str, events: list[Changed]) -> None:
        sentences = []
        for event in events:
            key, name = self._keys[event.node], name_of(event.node)
            if kind == "cleared":
                self._gradients[key] = tensor_as_text(event.after)
                sentences.append(
                    f"{name}.grad was {tensor_as_text(event.before)}, now it is {tensor_as_text(event.after)}"
                )
            else:
                self._values[key] = tensor_as_text(event.after)
                sentences.append(f"{name} was {tensor_as_text(event.before)}, now it is {tensor_as_text(event.after)}")
        begin = "The gradients are set back" if kind == "cleared" else "A step"
        self._step(kind, f"{begin}: {'; '.join(sentences)}.", active=[event.node for event in events])

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
        gradients = ", ".join(f"{name_of(node)}.grad is {self._gradients[self._keys[node]]}" for node in leaves)
        graph = "the graph is kept for once more" if event.graph_kept else "the graph is given up"
        if len(event.kept) == sum(bool(node.operands) for node in self._shown[self._turn]):
            intermediate = "All gradients in the middle are kept"
        else:
            intermediate = "The gradients in the middle have served"
            intermediate += f": only that of {' and '.join(map(name_of, event.kept))} is kept" if event.kept else ""
        sentence = f"backward() is done: {gradients}. {intermediate}, and {graph}."
        self._step("done", sentence, active=leaves)


def _group_key(event: Event) -> str:
    """Returns the key for grouping events: changes of several leaves by one line of code make one step."""
    return event.what if isinstance(event, Changed) and event.what != "added" else str(id(event))


def _nodes_by_turn(events: Sequence[Event]) -> list[list[Node]]:
    """Returns the nodes of each forward pass: whatever led to a `backward` or to a tensor with a name."""
    made = [event.node for event in events if isinstance(event, Made)]
    ends = {event.node for event in events if isinstance(event, Began)} | {node for node in made if node.name}
    ends = ends or set(made)
    turns = []
    for turn in dict.fromkeys(node.turn for node in made):
        needed = set()
        for node in reversed(made):
            if node.turn <= turn and (node in needed or (node in ends and node.turn == turn)):
                needed |= {node, *node.sources}
        if needed:
            # In the order of the computation, each operand right before its first use and the left one first.
            results = [node for node in made if node in needed]
            turns.append(list(dict.fromkeys(member for node in results for member in (*node.sources, node))))
    return turns


def _name_earlier_turns(turns: list[list[Node]]) -> None:
    """Gives the tensors of earlier turns of a loop the names that the variables have after its last turn."""
    for later, earlier in zip(turns[::-1], turns[-2::-1]):
        new, old = ([node for node in nodes if node.operands] for nodes in (later, earlier))
        if [sign(node) for node in new] == [sign(node) for node in old]:
            for recent, former in zip(new, old):
                former.name = former.name or recent.name


def _beginning(nodes: list[Node]) -> str:
    def listed(requires_grad: bool) -> Iterator[str]:
        for node in nodes:
            if not node.operands and node.asked == requires_grad:
                yield f"{node.name} = {tensor_as_text(node.value)}" if node.name else name_of(node)

    with_gradient, without = list(listed(True)), list(listed(False))
    clauses = []
    if with_gradient:
        clauses.append(f"A gradient is asked for {' and '.join(with_gradient)}")
    if without:
        clauses.append(f"{'none' if clauses else 'No gradient is asked'} for {' and '.join(without)}")
    return f"Before the first step. {', '.join(clauses)}."


def _reason(node: Node) -> str:
    return {"detach": "it is cut off", "no_grad": "nothing was noted down"}.get(node.why, node.why)


def _sum(parts: Sequence[Tensor]) -> str:
    return " + ".join(
        _bracketed(tensor_as_text(part)) if number else tensor_as_text(part) for number, part in enumerate(parts)
    )


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith("−") else text
