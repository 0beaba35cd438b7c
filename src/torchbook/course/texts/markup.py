"""HTML as a tree: read, changed, and written again without anything that runs."""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = "area base br col embed hr img input link meta source track wbr"
VOID = frozenset(_VOID.split())
# An element of these ends the one before it that was left open.
_CLOSES = {"li": {"li"}, "p": {"p"}, "tr": {"tr", "td", "th"}, "td": {"td", "th"}, "th": {"td", "th"}}
# What would run, load something or speak to a server that is not there.
_ALIVE = "script style link meta iframe object embed form button input select textarea template"


@dataclass
class Element:
    """An element of HTML. The text of an `svg` element is kept as it was, in `raw`: its names are case-sensitive."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    raw: str = ""

    def get(self, name: str, default: str = "") -> str:
        """The value of an attribute."""
        return self.attributes.get(name, default)


Node = Element | str


def parsed(source: str) -> list[Node]:
    """The tree of a piece of HTML."""
    around, drawings = _drawings(source)
    reader = _Reader(drawings)
    reader.feed("".join(f"{text}<svg id='{number}'></svg>" for number, text in enumerate(around[:-1])) + around[-1])
    reader.close()
    return reader.root.children


def _drawings(source: str) -> tuple[list[str], list[str]]:
    """The outermost drawings in a source, and the texts around them: one more."""
    around, drawings, depth, begin, after = [], [], 0, 0, 0
    for tag in re.finditer(r"<svg\b[^>]*>|</svg\s*>", source, flags=re.IGNORECASE):
        if tag[0].startswith("</"):
            depth = max(0, depth - 1)
            if depth == 0 and begin >= after:
                around.append(source[after:begin])
                drawings.append(source[begin : tag.end()])
                after = tag.end()
        elif not tag[0].endswith("/>"):
            begin = begin if depth else tag.start()
            depth += 1
    return [*around, source[after:]], drawings


class _Reader(HTMLParser):
    def __init__(self, drawings: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self.open = [self.root]
        self.drawings = drawings

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.open[-1].tag in _CLOSES.get(tag, ()):
            self.open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        if tag == "svg":
            element.raw = self.drawings[int(element.get("id"))]
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def written(nodes: Iterable[Node]) -> str:
    """The tree as HTML."""
    return "".join(_written(node) for node in nodes)


def _written(node: Node) -> str:
    if isinstance(node, str):
        return html.escape(node, quote=False)
    if node.raw:
        return node.raw
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes.items())
    inside = "" if node.tag in VOID else f"{written(node.children)}</{node.tag}>"
    return f"<{node.tag}{attributes}>{inside}"


def changed(nodes: Iterable[Node], change: Callable[[Element], list[Node] | None]) -> list[Node]:
    """The tree in which `change` puts other nodes in the place of an element, or leaves it with None; outside in."""
    result: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            result.append(node)
        elif (instead := change(node)) is not None:
            result += instead
        else:
            result.append(Element(node.tag, node.attributes, changed(node.children, change), node.raw))
    return result


_TABLE = "table caption colgroup col thead tbody tfoot tr th td"
_TEXT = "div span p br hr b i em strong code pre kbd sub sup small s u ul ol li dl dt dd h3 h4 h5 h6 blockquote a"
_KEPT = frozenset(f"{_TABLE} {_TEXT}".split())
_SAFE = frozenset(("colspan", "rowspan", "scope", "title", "href", "start"))


def clean(source: str) -> str:
    """Returns HTML of unknown origin as a table or text and nothing else: no style, no picture, nothing that runs or
    loads. The text inside of other elements stays, but for scripts and styles."""

    def change(element: Element) -> list[Node] | None:
        if element.tag in _ALIVE.split() or element.raw:
            return []
        if element.tag not in _KEPT:
            return changed(element.children, change)
        address = element.get("href").strip()
        element.attributes = {
            name: value
            for name, value in element.attributes.items()
            if name in _SAFE and (name != "href" or re.match(r"https?://|#", address))
        }
        return None

    return written(changed(parsed(source), change)).strip()


def texts(nodes: Iterable[Node]) -> str:
    """The text in a tree."""
    return "".join(node if isinstance(node, str) else texts(node.children) for node in nodes)


def walked(nodes: Iterable[Node]) -> Iterator[Element]:
    """All elements of a tree."""
    for node in nodes:
        if isinstance(node, Element):
            yield node
            yield from walked(node.children)
