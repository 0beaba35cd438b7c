"""Pictures as files of their own: a drawing takes the house's colours with it, light and dark, wherever it is shown."""

import base64
import binascii
import re
from functools import cache
from urllib.parse import unquote_to_bytes

from torchbook.course.export.as_markdown import alternative_of
from torchbook.course.pictures.picture import FOLDER
from torchbook.course.texts.markup import Element, Node, changed

SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}


def content(picture: Element) -> tuple[str, bytes] | None:
    """The kind of a picture (`image/png`) and its bytes; None where the page does not have them."""
    if picture.tag == "svg":
        return "image/svg+xml", alone(picture.raw).encode()
    kind, comma, data = picture.get("src").partition(",")
    mime = kind.removeprefix("data:").partition(";")[0]
    if not comma or not kind.startswith("data:") or mime not in SUFFIXES:
        return None
    try:
        return mime, base64.b64decode(data) if kind.endswith(";base64") else unquote_to_bytes(data)
    except binascii.Error:
        return None


def as_images(nodes: list[Node]) -> list[Node]:
    """The tree with every picture as an image with its data in the address; without data it is its alternative."""

    def change(element: Element) -> list[Node] | None:
        if element.tag not in ("img", "svg"):
            return None
        found = content(element)
        if found is None:
            return [element.get("alt")]
        kept = {
            name: value for name, value in element.attributes.items() if name in ("class", "width", "height", "style")
        }
        size = kept if element.tag == "img" else _size(found[1].decode())
        address = f"data:{found[0]};base64,{base64.b64encode(found[1]).decode()}"
        return [Element("img", size | {"alt": alternative_of(element), "src": address})]

    return changed(nodes, change)


def _size(svg: str) -> dict[str, str]:
    """The width of a drawing that has one; its height follows."""
    width = re.search(r"\swidth=[\"']([\d.]+)(?:px)?[\"']", svg.partition(">")[0])
    return {"width": f"{float(width[1]):.0f}"} if width else {}


def alone(svg: str) -> str:
    """A drawing that needs no page around it: with its size and its colours."""
    opening, end, rest = svg.partition(">")
    view = re.search(r"viewBox=[\"'][\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)", opening)
    if view and not re.search(r"\swidth=", opening):
        opening = f'{opening} width="{view[1]}" height="{view[2]}"'
    if "xmlns=" not in opening:
        opening = opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{opening}{end}<style>{_colours()}</style>{rest}"


def within(svg: str, *, style: str, name: str) -> str:
    """The drawing inside of one that is what the page was around it: of that class, with that style."""
    opening = svg.partition(">")[0]
    size = " ".join(re.findall(r"\s((?:width|height)=[\"'][^\"']*[\"'])", opening))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} class="{name}"><style>{style}</style>{svg}</svg>'


@cache
def _colours() -> str:
    """The colours of the pictures, as the house's own style has them."""
    sheet = (FOLDER / "common.css").read_text(encoding="utf-8")
    light, dark = ("".join(re.findall(r"--tb-[\w-]+: [^;]+;", half)) for half in _halves(sheet))
    shown = "color:var(--tb-ink);background:var(--tb-paper);font-family:system-ui,sans-serif"
    return f":root{{{light}{shown};margin:0}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def _halves(sheet: str) -> tuple[str, str]:
    light, _, rest = sheet.partition("@media (prefers-color-scheme: dark)")
    return light, rest.partition("}")[0]
