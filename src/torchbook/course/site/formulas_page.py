"""The page on writing formulas: each source beside the formula that it makes, which follows while it is changed."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.markdown import rendered
from torchbook.course.site.mathml import mathml
from torchbook.errors import TorchbookError

FORMULAS = Path(__file__).parents[1] / "formulas.md"
ADDRESS = "/formulas"
_LONGEST = 2000  # characters of a formula that is shown
_DISPLAYED = re.compile(r"^\$\$\n(.+?)\n\$\$$", re.DOTALL | re.MULTILINE)


def routes(road: Callable[[], Sequence[LessonStatus]]) -> list[BaseRoute]:
    """Returns the page, and what shows a formula while somebody types it."""

    def page(request: Request) -> Response:
        return layout.page("Writing formulas", _body(), road=road(), styles=["pages.css"], scripts=["formulas.js"])

    def shown(request: Request) -> Response:
        source = request.query_params.get("source", "").strip()
        try:
            if len(source) > _LONGEST:
                raise TorchbookError(
                    f"a formula has at most {_LONGEST:,} characters here, this one has {len(source):,}"
                )
            answer = {"formula": mathml(source, display=True) if source else ""}
        except TorchbookError as error:
            answer = {"error": str(error)}
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return [Route(ADDRESS, page), Route(f"{ADDRESS}/shown", shown)]


@cache
def _body() -> str:
    title, _, text = FORMULAS.read_text(encoding="utf-8").partition("\n")
    parts = _DISPLAYED.split(text)  # prose and sources take turns
    sections = [rendered(part) if place % 2 == 0 else _figure(part) for place, part in enumerate(parts)]
    return f'<article class="site-formulas"><h1>{title.removeprefix("# ")}</h1>{"".join(sections)}</article>'


def _figure(source: str) -> str:
    """Returns a source, which can be changed, beside what it makes."""
    return (
        f'<div class="site-formula"><textarea spellcheck="false" autocapitalize="off" autocomplete="off" '
        f'rows="{source.count(chr(10)) + 1}" aria-label="LaTeX of the formula">{escape(source)}</textarea>'
        f'<output aria-live="polite">{mathml(source, display=True)}</output></div>'
    )
