"""KaTeX for our own pages: marimo's frontend has it, so nothing is added and nothing is fetched from elsewhere."""

import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from torchbook.course.site.notebooks import MARIMO, frontend

_FOR_A_DAY = {"Cache-Control": "public, max-age=86400"}


def style(request: Request) -> Response:
    """The rules of KaTeX out of the style sheet of marimo, and none of the others."""
    return Response(_rules(), media_type="text/css", headers=_FOR_A_DAY)


def script(request: Request) -> Response:
    """To the module whose default export is KaTeX."""
    module = _module()
    if module is None:
        return PlainTextResponse("formulas are shown as text", status_code=404)
    return RedirectResponse(f"{MARIMO}/assets/{module}", headers=_FOR_A_DAY)


@cache
def _module() -> str | None:
    """The small file that exports KaTeX alone; None where marimo has changed its house."""
    for file in sorted((frontend() / "assets").glob("katex-*.js")):
        if file.stat().st_size < 1000 and "default" in file.read_text(encoding="utf-8"):
            return file.name
    return None


@cache
def _rules() -> str:
    sheets = (frontend() / "assets").glob("*.css")
    text = next((text for text in map(_text, sheets) if "KaTeX_Main" in text), "")
    fonts = re.findall(r"@font-face\{[^}]*KaTeX_[^}]*\}", text)
    rules = re.findall(r"(?<=[};])[^{}@;]*\.katex[^{}]*\{[^{}]*\}", text)
    return re.sub(r"url\((?:\./)?", f"url({MARIMO}/assets/", "".join(fonts + rules))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
