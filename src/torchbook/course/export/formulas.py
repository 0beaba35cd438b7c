"""Formulas on a page of its own: as readable text, and set in type by KaTeX where its files are at hand.

KaTeX comes with marimo. It is written into the page with the fonts that the formulas need, so that nothing is loaded.
"""

import base64
import html
import re
from functools import cache
from pathlib import Path

from torchbook.course.texts.formula import formula_as_text
from torchbook.course.texts.markup import Element, Node, changed, texts

_FONTS = ("Main-Regular", "Math-Italic", "Size1-Regular", "Size2-Regular", "Size3-Regular", "Size4-Regular")
# Commands that need another font.
_FURTHER = {
    r"\\mathbb|\\square|\\lesssim|\\gtrsim": "AMS-Regular",
    r"\\mathbf|\\textbf": "Main-Bold",
    r"\\boldsymbol|\\bm": "Math-BoldItalic",
    r"\\mathcal": "Caligraphic-Regular",
    r"\\mathit|\\textit|\\emph": "Main-Italic",
    r"\\mathtt|\\texttt": "Typewriter-Regular",
}
_SET = """
for (const math of document.querySelectorAll("math.tb-formula")) {
  const shown = document.createElement(math.getAttribute("display") === "block" ? "div" : "span");
  try {
    KATEX.render(math.querySelector("annotation").textContent, shown, { displayMode: shown.tagName === "DIV" });
    math.replaceWith(shown);
  } catch (error) { /* the readable text stays */ }
}
"""


def as_math(nodes: list[Node]) -> list[Node]:
    """The tree in which every formula can be read without a program, and carries its source for KaTeX."""

    def change(element: Element) -> list[Node] | None:
        if element.tag != "tb-formula":
            return None
        source = texts(element.children)
        spoken = Element("mtext", {}, [formula_as_text(source)])
        carried = Element("annotation", {"encoding": "application/x-tex"}, [source])
        inside: list[Node] = [Element("semantics", {}, [spoken, carried])]
        return [Element("math", {"class": "tb-formula", "display": element.get("display")}, inside)]

    return changed(nodes, change)


def as_dollars(nodes: list[Node]) -> list[Node]:
    """The tree with formulas as notebooks set them in type: `$...$` and `$$...$$`."""

    def change(element: Element) -> list[Node] | None:
        if element.tag != "tb-formula":
            return None
        mark = "$$" if element.get("display") == "block" else "$"
        return [f"{mark}{texts(element.children)}{mark}"]

    return changed(nodes, change)


def typesetting(page: str) -> str:
    """What a page needs so that its formulas are set in type, a style and a script; nothing without KaTeX's files."""
    if "<math" not in page or not (found := _katex()):
        return ""
    script, style, folder = found
    fonts = [*_FONTS, *(font for command, font in _FURTHER.items() if re.search(command, page))]
    faces = "".join(_face(folder, font) for font in fonts)
    return f"<style>{faces}{style}</style>\n<script>(() => {{{script}{_SET}}})();</script>"


@cache
def _katex() -> tuple[str, str, Path] | None:
    """KaTeX's program, its style, and the folder of its fonts."""
    import marimo

    folder = Path(marimo.__file__).parent / "_static" / "assets"
    programs = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("katex-*.js"))]
    program = max(programs, key=len, default="")
    name = re.search(r"([\w$]+)=\{version:[^{}]*?render:", program)
    styles = (path.read_text(encoding="utf-8") for path in folder.glob("index-*.css"))
    style = "".join(rule for sheet in styles for rule in re.findall(r"[^{}@]*\.katex[^{}]*\{[^}]*\}", sheet))
    if not name or not style or "import" in program[:200] or "</script" in program:
        return None
    body = re.sub(r"export\s*\{[^}]*\};?\s*$", "", program)
    return f"{body};const KATEX={name[1]};", style, folder


def _face(folder: Path, font: str) -> str:
    file = next(iter(folder.glob(f"KaTeX_{font}-*.woff2")), None)
    if file is None:
        return ""
    family, _, kind = font.partition("-")
    weight, slant = ("700" if "Bold" in kind else "400"), ("italic" if "Italic" in kind else "normal")
    data = base64.b64encode(file.read_bytes()).decode()
    return (
        f"@font-face{{font-family:KaTeX_{family};font-weight:{weight};font-style:{slant};"
        f"src:url(data:font/woff2;base64,{html.escape(data)})}}"
    )
