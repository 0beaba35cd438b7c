"""Draws the graph of a `Story` as SVG, along the page or upright, empty or as it is at one of the steps."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDE, HIGH = 116, 64  # of a node
GAP_ALONG, GAP_ACROSS = 44, 16
LETTERS = 14  # of a name that fits
ENTRY = 22  # between two edges that end at one node
MARGIN = 10
BACKWARD = ("backward", "leaf")  # the steps in which gradients move


def draw_graph(graph: Mapping[str, Any], step: Mapping[str, Any] | None = None, *, upright: bool = False) -> str:
    """Draws the graph as SVG. Texts that change are found by `data-key`; `step` fills them in."""
    across, along = (WIDE + GAP_ACROSS, HIGH + GAP_ALONG - 8) if upright else (HIGH + GAP_ACROSS, WIDE + GAP_ALONG)

    def point(place: Sequence[float | int]) -> tuple[float, float]:
        layer, position = map(float, place)
        return (position * across, layer * along) if upright else (layer * along, position * across)

    corners = [point(node["place"]) for node in graph["nodes"]]
    way_points = [point(place) for edge in graph["edges"] for place in edge["way"]]
    width = max(x for x, _ in corners + way_points) + WIDE + 2 * MARGIN
    height = max(y for _, y in corners + way_points) + HIGH + 2 * MARGIN
    parts = [_edge(edge, graph, point, step, upright=upright) for edge in graph["edges"]]
    parts += [_node(node, corner, step) for node, corner in zip(graph["nodes"], corners)]
    way = "upright" if upright else "along"
    state = " tb-gone" * bool(step and step["gone"]) + " tb-back" * bool(step and step["phase"] in BACKWARD)
    return (
        f'<svg class="tb-drawing tb-{way}{state}" width="{width:g}" height="{height:g}" role="img" aria-hidden="true" '
        f'viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">{"".join(parts)}</svg>'
    )


def _node(node: Mapping[str, Any], corner: tuple[float, float], step: Mapping[str, Any] | None) -> str:
    key = node["key"]
    value, gradient, active = ("", "", False)
    if step:
        value, active = step["values"].get(key, ""), key in step["active"]
        gradient = gradient_text(node["kind"], step["gradients"].get(key, ""))
    classes = f"tb-node tb-{node['kind']}{'' if node['asked'] else ' tb-silent'}{' tb-active' if active else ''}"
    name = node["name"] if len(node["name"]) <= LETTERS else node["name"][: LETTERS - 1] + "…"
    title = f'<text class="tb-name" x="10" y="19">{escape(name)}</text>' if name else ""
    at = f'x="{WIDE - 10}" text-anchor="end"' if name else f'x="{WIDE / 2:g}" text-anchor="middle"'
    return (
        f'<g class="{classes}" data-key="{key}" data-kind="{node["kind"]}" '
        f'transform="translate({corner[0]:g} {corner[1]:g})">'
        f'<rect width="{WIDE}" height="{HIGH}" rx="10"/>{title}'
        f'<text class="tb-sign" {at} y="19">{escape(node["sign"])}</text>'
        f'<text class="tb-value" x="{WIDE / 2:g}" y="38" text-anchor="middle">{escape(value)}</text>'
        f'<text class="tb-gradient" x="{WIDE / 2:g}" y="55" text-anchor="middle">{escape(gradient)}</text></g>'
    )


def gradient_text(kind: str, gradient: str) -> str:
    """Returns the text of a gradient in its node: a leaf has a `.grad`, an intermediate result does not."""
    return (f"gradient {gradient}" if kind == "result" else f".grad {gradient}") if gradient else ""


def _edge(
    edge: Mapping[str, Any], graph: Mapping[str, Any], point: Any, step: Mapping[str, Any] | None, *, upright: bool
) -> str:
    places = {node["key"]: node["place"] for node in graph["nodes"]}
    into = [other for other in graph["edges"] if other["to"] == edge["to"]]
    into.sort(key=lambda other: (other["way"] or [places[other["from"]]])[-1][1])
    rank = next(number for number, other in enumerate(into) if other is edge) - (len(into) - 1) / 2
    sx, sy = point(places[edge["from"]])
    tx, ty = point(places[edge["to"]])
    if upright:
        start, end = (sx + WIDE / 2, sy + HIGH), (tx + WIDE / 2 + rank * ENTRY, ty - 3)
    else:
        start, end = (sx + WIDE, sy + HIGH / 2), (tx - 3, ty + HIGH / 2 + rank * ENTRY * 0.7)
    line, at = f"M{start[0]:g} {start[1]:g}", start
    for place in edge["way"]:  # straight past the nodes of the layers between
        x, y = point(place)
        first, last = (
            ((x + WIDE / 2, y), (x + WIDE / 2, y + HIGH)) if upright else ((x, y + HIGH / 2), (x + WIDE, y + HIGH / 2))
        )
        line += _bend(at, first, upright) + f"L{last[0]:g} {last[1]:g}"
        at = last
    line += _bend(at, end, upright)
    middle = ((at[0] + end[0]) / 2, (at[1] + end[1]) / 2)
    part = step["parts"].get(edge["key"], "") if step else ""
    active = " tb-active" if step and edge["key"] in step["active"] else ""
    classes = f"tb-edge {'tb-flows' if edge['flows'] else 'tb-cut' if edge['cut'] else 'tb-plain'}{active}"
    cut = f'<text class="tb-scissors" x="{middle[0]:g}" y="{middle[1] + 4:g}" text-anchor="middle">✕</text>'
    return (
        f'<g class="{classes}" data-key="{edge["key"]}"><path class="tb-line" d="{line}"/>'
        f'<path class="tb-tip" d="{_tip(end, upright, back=False)}"/>'
        f'<path class="tb-tip tb-tip-back" d="{_tip(start, upright, back=True)}"/>{cut if edge["cut"] else ""}'
        f'<text class="tb-part" x="{middle[0]:g}" y="{middle[1] + 4:g}" text-anchor="middle">{escape(part)}</text></g>'
    )


def _bend(start: tuple[float, float], end: tuple[float, float], upright: bool) -> str:
    (a, b), (c, d) = start, end
    if upright:
        return f"C{a:g} {(b + d) / 2:g} {c:g} {(b + d) / 2:g} {c:g} {d:g}"
    return f"C{(a + c) / 2:g} {b:g} {(a + c) / 2:g} {d:g} {c:g} {d:g}"


def _tip(point: tuple[float, float], upright: bool, *, back: bool) -> str:
    """Returns the path of a small arrow head that points along the edge, or back."""
    x, y = point
    long = 7 if back else -7
    if upright:
        return f"M{x:g} {y:g}l-4 {long}h8z"
    return f"M{x:g} {y:g}l{long} -4v8z"
