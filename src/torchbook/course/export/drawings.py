"""Pictures as files of their own: a drawing takes the house's colours with it, light and dark, wherever it is shown."""

import re
from functools import cache

from torchbook.course.pictures.picture import FOLDER


def alone(svg: str) -> str:
    """A drawing that needs no page around it: with its size and its colours."""
    opening, end, rest = svg.partition(">")
    view = re.search(r"viewBox=[\"'][\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]+)[\s,]+([\d.]+)", opening)
    if view and not re.search(r"\swidth=", opening):
        opening = f'{opening} width="{view[1]}" height="{view[2]}"'
    if "xmlns=" not in opening:
        opening = opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{opening}{end}<style>{_colours()}</style>{rest}"


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
