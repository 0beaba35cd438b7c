"""The recipes and data sets of the workbench, as the site lists them, and the page of the recipes."""

from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from importlib import import_module
from inspect import getdoc

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.loading import importing
from torchbook.course.site.markdown import inline


@cache
def recipes() -> tuple[tuple[str, str], ...]:
    """The recipes by name, each in a sentence."""
    with importing:
        from torchbook.commands import about
        from torchbook.recipes.start import names, recipe

        return tuple((name, about(recipe(name))) for name in names())


@cache
def data_sets() -> tuple[tuple[str, str], ...]:
    """The data sets by name, each in a sentence."""
    found = []
    with importing:
        from torchbook.data.load import SOURCES

        for name, (module, function) in SOURCES.items():
            text = getdoc(getattr(import_module(f"torchbook.data.{module}"), function)) or ""
            found.append((name, " ".join(text.split("\n\n")[0].split())))
    return tuple(found)


def page(road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request], Response]:
    """The endpoint of the page of all recipes."""

    def shown(request: Request) -> Response:
        from torchbook.commands import cost
        from torchbook.recipes.start import recipe

        rows = "".join(
            f'<li id="{name}"><h2>{escape(name)}</h2><p>{inline(about)}.</p>'
            f'<p class="facts">{escape(cost(recipe(name)))}</p>'
            f"<pre><code>torchbook train {escape(name)}</code></pre></li>"
            for name, about in recipes()
        )
        lead = (
            '<p class="lead">The experiments of the course, each one function and one command. '
            'What they train is listed under <a href="/runs">runs</a>.</p>'
        )
        body = f'<h1>Recipes</h1>{lead}<ul class="site-cards">{rows}</ul>'
        return layout.page("Recipes", body, road=road(), here="/recipes", styles=["pages.css"], wide=True)

    return shown
