"""marimo's own elements, standing still: pictures, controls, formulas, tables, folded parts."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

from torchbook.course.export.drawings import within
from torchbook.course.texts.markup import Element, Node, parsed, texts, walked, written


def stilled(nodes: list[Node]) -> list[Node]:
    """The tree with what is marimo's own made to stand still."""
    return [after for node in nodes for after in ([node] if isinstance(node, str) else _element(node))]


def _element(node: Element) -> list[Node]:
    name = node.tag.removeprefix("marimo-")
    if name != node.tag:
        change = _CHANGES.get(name)
        return change(node) if change else stilled(node.children)
    if node.tag == "iconify-icon":
        return []
    if node.has_class("tb-word"):
        return [_word(node)]
    if node.tag == "span" and (node.has_class("markdown") or node.has_class("paragraph")):
        return [Element("p" if node.has_class("paragraph") else "div", {}, stilled(node.children))]
    return [Element(node.tag, node.attributes, stilled(node.children), node.raw)]


def _word(node: Element) -> Element:
    """A word of the glossary with the beginning of its entry."""
    for one in walked(node.children):
        if one.tag == "strong":
            one.children.append(":")
    parts = {name: texts(one.children) for one in walked(node.children) for name in one.get("class").split()}
    return Element("abbr", {"title": parts.get("tb-sheet", "")}, [parts.get("tb-term", "")])


def _data(node: Element, name: str) -> Any:
    """A value that marimo has written into an attribute."""
    try:
        return json.loads(node.get(f"data-{name}") or "null")
    except json.JSONDecodeError:
        return node.get(f"data-{name}")


def _html(source: Any) -> list[Node]:
    return stilled(parsed(str(source))) if source is not None else []


def _bare(nodes: list[Node]) -> list[Node]:
    """What stands in a label, without the blocks around it."""
    while len(nodes) == 1 and isinstance(nodes[0], Element) and nodes[0].tag in ("div", "p"):
        nodes = nodes[0].children
    return nodes


def _picture(node: Element) -> list[Node]:
    """A widget, found by the name that the page has for it."""
    from ipywidgets.widgets.widget import _instances

    widget = _instances.get(_data(node, "model-id"))
    return parsed(framed(widget.still(), widget.alternative)) if callable(getattr(widget, "still", None)) else []


def _formula(node: Element) -> list[Node]:
    source = texts(node.children).strip()
    block = source.startswith("||[")
    return [Element("tb-formula", {"display": "block" if block else "inline"}, [source[3:-3].strip()])]


def _control(node: Element) -> list[Node]:
    """A control as a sentence of its label and the value that it has."""
    label, value = _bare(_html(_data(node, "label"))), _data(node, "initial-value")
    if steps := _data(node, "steps"):
        value = [steps[one] for one in value] if isinstance(value, list) else steps[value]
    if isinstance(value, bool):
        value = "on" if value else "off"
    said = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    if not label and not said:
        return []
    parts: list[Node] = [*label, ": "] if label else []
    return [Element("span", {"class": "tb-control"}, [*parts, Element("strong", {}, [said or "…"])]), " "]


def _callout(node: Element) -> list[Node]:
    return [Element("blockquote", {"class": "tb-callout"}, _html(_data(node, "html")))]


def _sections(node: Element) -> list[Node]:
    """Tabs and folded parts one below the other, each with its name."""
    names = _data(node, "tabs") or _data(node, "labels") or []
    parts = [child for child in node.children if isinstance(child, Element)]
    found: list[Node] = []
    for name, part in zip(names, parts):
        found += [Element("p", {}, [Element("strong", {}, _bare(_html(name)))]), *stilled(part.children)]
    return found


def _json(node: Element) -> list[Node]:
    value = _data(node, "json-data")
    return [Element("pre", {}, [told(_without_types(value))])]


class _Told(str):
    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _without_types(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_types(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_types(one) for one in value]
    typed = re.match(r"(text/plain|text/html|application/json)[\w+]*:", value) if isinstance(value, str) else None
    return _Told(value[typed.end() :]) if typed else value


def _table(node: Element) -> list[Node]:
    rows = _data(node, "data")
    rows = json.loads(rows) if isinstance(rows, str) and rows.startswith("[") else rows
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return []
    head = Element("tr", {}, [Element("th", {}, [str(name)]) for name in rows[0]])
    body: list[Node] = [Element("tr", {}, [Element("td", {}, [str(one)]) for one in row.values()]) for row in rows]
    return [Element("table", {}, [head, *body])]


def _stat(node: Element) -> list[Node]:
    said = [str(one) for one in (_data(node, "label"), _data(node, "value"), _data(node, "caption")) if one is not None]
    return [Element("p", {}, [" · ".join(said)])]


def _nothing(node: Element) -> list[Node]:
    return []


_CONTROLS = "slider range-slider number dropdown multiselect radio checkbox switch text text-area date code-editor"
# There is nothing to press, and nothing under way.
_IDLE = "button run-button refresh file file-browser microphone progress download"
_CHANGES: dict[str, Callable[[Element], list[Node]]] = {
    "anywidget": _picture,
    "tex": _formula,
    "callout-output": _callout,
    "accordion": _sections,
    "tabs": _sections,
    "json-output": _json,
    "table": _table,
    "stat": _stat,
    **dict.fromkeys(_CONTROLS.split(), _control),
    **dict.fromkeys(_IDLE.split(), _nothing),
}


def told(value: Any) -> str:
    """A value as Python shows it, long ones in several lines."""
    from pprint import pformat

    return pformat(value, width=100, sort_dicts=False) if isinstance(value, dict | list | tuple) else repr(value)


def framed(drawn: str, alternative: str) -> str:
    """The still of a picture with its text alternative where it has none of its own, and its style in each drawing."""
    nodes = parsed(drawn)
    style = "".join(texts(one.children) for one in walked(nodes) if one.tag == "style")
    name = next((one.get("class") for one in walked(nodes) if one.tag == "figure"), "")
    for one in walked(nodes):
        if one.tag == "svg":
            one.raw = within(one.raw, style=style, name=name) if style else one.raw
            if not re.search(r"aria-label=|<title", one.raw):
                one.raw = one.raw.replace("<svg", f'<svg role="img" aria-label="{html.escape(alternative)}"', 1)
    return f'<figure class="tb-still">{written(nodes)}</figure>'
