"""Lays out the nodes of a graph in layers along the computation, with few crossings."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Place = tuple[int, float]  # a layer, and where in it, in steps of at least one
EDGE = 0.4  # the room that a passing edge needs, where a node needs 1


@dataclass(frozen=True)
class Layout(Generic[Key]):
    """The place of each node, and for each edge (source, node) the places that it passes in the layers between."""

    places: Mapping[Key, Place]
    ways: Mapping[tuple[Key, Key], tuple[Place, ...]]


def arrange(sources: Mapping[Key, Sequence[Key]]) -> Layout[Key]:
    """Lays out an acyclic graph, given as the sources of each node, sources first.

    A node is one layer after the last of its sources; one without sources is right before its first use.
    """
    layer = _layers(sources)
    rows, up = _rows(sources, layer)
    best, fewest = [list(row) for row in rows], crossings(rows, up)
    down: dict[Hashable, list[Hashable]] = defaultdict(list)
    for node, above in up.items():
        for neighbour in above:
            down[neighbour].append(node)
    for sweep in range(12):
        back = sweep % 2
        near, order = (down, range(len(rows) - 2, -1, -1)) if back else (up, range(1, len(rows)))
        for i in order:
            positions = {node: float(position) for position, node in enumerate(rows[i + 1 if back else i - 1])}
            old = {node: float(position) for position, node in enumerate(rows[i])}
            rows[i].sort(key=lambda node: _mean([positions[neighbour] for neighbour in near.get(node, ())], old[node]))
        if (count := crossings(rows, up)) < fewest:
            best, fewest = [list(row) for row in rows], count
    spots = _spread(best, up, down)
    places = {node: (layer[node], spots[node]) for node in sources}
    ways = {
        (source, node): tuple((at, spots[source, node, at]) for at in range(layer[source] + 1, layer[node]))
        for node, above in sources.items()
        for source in above
    }
    return Layout(places, ways)


def crossings(rows: Sequence[Sequence[Hashable]], up: Mapping[Hashable, Sequence[Hashable]]) -> int:
    """Returns the number of pairs of edges between neighbouring rows that cross."""
    total = 0
    for above, below in pairwise(rows):
        at = {node: place for place, node in enumerate(above)}
        edges = [(at[source], place) for place, node in enumerate(below) for source in up.get(node, ())]
        total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(edges) for c, d in edges[:i])
    return total


def _layers(sources: Mapping[Key, Sequence[Key]]) -> dict[Key, int]:
    layer: dict[Key, int] = {}
    for node, above in sources.items():
        layer[node] = 1 + max((layer[source] for source in above), default=-1)
    for node, above in sources.items():
        if not above:
            uses = [layer[other] for other, needed in sources.items() if node in needed]
            layer[node] = min(uses, default=1) - 1
    return layer


def _rows(
    sources: Mapping[Key, Sequence[Key]], layer: Mapping[Key, int]
) -> tuple[list[list[Hashable]], dict[Hashable, list[Hashable]]]:
    """Returns the nodes of each layer, with a dummy node wherever a long edge passes, and the nodes above each."""
    rows: list[list[Hashable]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    up: dict[Hashable, list[Hashable]] = defaultdict(list)
    for node in sources:
        rows[layer[node]].append(node)
    for node, above in sources.items():
        for source in above:
            last: Hashable = source
            for row_number in range(layer[source] + 1, layer[node]):
                rows[row_number].append((source, node, row_number))
                up[source, node, row_number].append(last)
                last = (source, node, row_number)
            up[node].append(last)
    return rows, up


def _spread(
    rows: Sequence[Sequence[Hashable]],
    up: Mapping[Hashable, Sequence[Hashable]],
    down: Mapping[Hashable, Sequence[Hashable]],
) -> dict[Hashable, float]:
    """Moves every node towards the middle of its neighbours, in the order of its row and at least one step apart."""
    spot = {node: place - (len(row) - 1) / 2 for row in rows for place, node in enumerate(row)}
    for sweep in range(40):
        for row in rows[:: 1 if sweep % 2 else -1]:
            wished = [
                _mean([spot[neighbour] for neighbour in (*up.get(n, ()), *down.get(n, ()))], spot[n]) for n in row
            ]
            spot.update(zip(row, _apart(wished, [EDGE if isinstance(n, tuple) else 1.0 for n in row])))
    leftmost = min(spot.values(), default=0.0)
    return {node: round(place - leftmost, 3) for node, place in spot.items()}


def _apart(wished: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Returns the positions nearest to the wished ones (least squares) that keep the order and the distances."""
    starts = [sum(sizes[:i]) + size / 2 for i, size in enumerate(sizes)]
    groups: list[list[float]] = []  # the wishes, less the starts, of those that must stand together
    for wish, start in zip(wished, starts):
        groups.append([wish - start])
        while len(groups) > 1 and _mean(groups[-2], 0.0) >= _mean(groups[-1], 0.0):
            last = groups.pop()
            groups[-1] += last
    return [_mean(group, 0.0) + start for group, start in zip([g for g in groups for _ in g], starts)]


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
