"""A tree of HTML as Markdown that a code host and a notebook show."""

import html
import re
from collections.abc import Iterable

from torchbook.course.texts.markup import Element, Node, texts, walked, written

_BLOCKS = (
    "address article aside blockquote details div dl dt dd figure figcaption h1 h2 h3 h4 h5 h6 hr ol p pre section svg "
    "table ul"
)
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "del": "~~"}


def markdown(nodes: Iterable[Node]) -> str:
    """The tree as Markdown; pictures are their words."""
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(_blocks(list(nodes)))).strip()


def _blocks(nodes: list[Node]) -> list[str]:
    """The blocks of a tree; what stands between them becomes paragraphs."""
    found: list[str] = []
    line: list[Node] = []

    def end_line() -> None:
        if text := _line(line).strip():
            found.append(text)
        line.clear()

    for node in nodes:
        if isinstance(node, Element) and (
            node.tag in _BLOCKS.split() or any(_has_block(child) for child in node.children)
        ):
            end_line()
            found += [block for block in _block(node) if block.strip()]
        else:
            line.append(node)
    end_line()
    return found


def _has_block(node: Node) -> bool:
    return isinstance(node, Element) and (
        node.tag in _BLOCKS.split() or any(_has_block(child) for child in node.children)
    )


def _block(node: Element) -> list[str]:
    if heading := re.fullmatch(r"h([1-6])", node.tag):
        return [f"{'#' * int(heading[1])} {_line(node.children).strip()}"]
    if node.tag == "pre":
        return [f"```{_language(node)}\n{texts(node.children).strip(chr(10))}\n```"]
    if node.tag in ("ul", "ol"):
        return [_list(node)]
    if node.tag == "table":
        return [_table(node)]
    if node.tag == "blockquote":
        inside = "\n\n".join(_blocks(node.children))
        return ["\n".join(f"> {line}".rstrip() for line in inside.splitlines())]
    if node.tag == "hr":
        return ["---"]
    if node.tag == "svg":
        return [_line([node])]
    if node.tag == "details":
        summary = next((one for one in node.children if isinstance(one, Element) and one.tag == "summary"), None)
        rest = [one for one in node.children if one is not summary]
        title = _line(summary.children).strip() if summary else "More"
        return [f"<details>\n<summary>{title}</summary>", *_blocks(rest), "</details>"]
    for child in node.children:
        if isinstance(child, Element) and child.tag == "pre" and _language(node):
            child.attributes.setdefault("class", f"language-{_language(node)}")
    return _blocks(node.children)


def _language(node: Element) -> str:
    names = [name.removeprefix("language-") for name in node.get("class").split() if name.startswith("language-")]
    return names[0] if names else ""


def _list(node: Element) -> str:
    items = [one for one in node.children if isinstance(one, Element) and one.tag == "li"]
    start = int(node.get("start") or 1)
    rows = []
    for number, item in enumerate(items, start):
        mark = f"{number}." if node.tag == "ol" else "-"
        blocks = _blocks(item.children)
        tight = len(blocks) <= 1 or not any("\n" in block or _has_paragraph(item) for block in blocks)
        inside = ("\n" if tight else "\n\n").join(blocks).splitlines() or [""]
        rows.append(
            "\n".join(f"{mark if i == 0 else ' ' * len(mark)} {line}".rstrip() for i, line in enumerate(inside))
        )
    return "\n".join(rows)


def _has_paragraph(item: Element) -> bool:
    return any(isinstance(child, Element) and child.tag == "p" for child in item.children)


def _table(node: Element) -> str:
    rows = [
        [
            _line(cell.children).strip().replace("|", r"\|").replace("\n", " ")
            for cell in row.children
            if isinstance(cell, Element)
        ]
        for row in walked(node.children)
        if row.tag == "tr"
    ]
    if not rows or any(child.tag == "table" for child in walked(node.children)):
        return written([node])
    width = max(map(len, rows))
    head, *rest = [row + [""] * (width - len(row)) for row in rows]
    lines = [head, ["---"] * width, *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _line(nodes: list[Node]) -> str:
    """What stands in one line of text."""
    return "".join(_inline(node) for node in nodes)


def _inline(node: Node) -> str:
    if isinstance(node, str):
        # An underline inside of a word means nothing to Markdown.
        return re.sub(r"([*`$]|(?<!\w)_|_(?!\w))", r"\\\1", re.sub(r"\s+", " ", node))
    if node.tag == "code":
        return f"`{texts(node.children)}`"
    if node.tag in _MARKS and texts(node.children).strip():
        inside, mark = _line(node.children), _MARKS[node.tag]
        before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
        return f"{before}{mark}{inside.strip()}{mark}{after}"
    if node.tag == "a" and node.get("href"):
        return f"[{_line(node.children)}]({node.get('href')})"
    if node.tag in ("img", "svg"):
        return re.sub(r"[\[\]\n]+", " ", alternative_of(node)).strip()
    if node.tag == "br":
        return "  \n"
    if node.tag in ("sub", "sup"):
        return f"<{node.tag}>{_line(node.children)}</{node.tag}>"
    return _line(node.children)


def alternative_of(node: Element) -> str:
    """What a picture says to those who do not see it."""
    if node.tag == "img":
        return node.get("alt")
    head = node.raw.partition(">")[0]
    if label := re.search(r"aria-label=(?:\"([^\"]*)\"|'([^']*)')", head):
        return html.unescape(label[1] or label[2] or "")
    title = re.search(r"<title\b[^>]*>(.*?)</title>", node.raw, re.DOTALL)
    return " ".join(title[1].split()) if title else ""
