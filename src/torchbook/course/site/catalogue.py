"""The recipes and data sets of the workbench, as the site lists them, and the page of the recipes."""

from collections.abc import Callable, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from torchbook.course.site import layout
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.markdown import inline
from torchbook.data.source import DATA_SETS
from torchbook.recipes.start import cost, described, names


def recipes() -> tuple[tuple[str, str], ...]:
    """Returns the recipes by name, each in a sentence."""
    return tuple((name, described(name).headline) for name in names())


def data_sets() -> tuple[tuple[str, str], ...]:
    """Returns the data sets by name, each in a sentence."""
    return tuple((name, loader.signature.summary) for name, loader in DATA_SETS.items())


def page(road: Callable[[], Sequence[LessonStatus]]) -> Callable[[Request], Response]:
    """Returns the endpoint of the page of all recipes."""

    def listed(request: Request) -> Response:
        rows = "".join(
            f'<li id="{name}"><h2>{escape(name)}</h2><p>{inline(about)}.</p>'
            f'<p class="facts">{escape(cost(name))}</p>'
            f"<pre><code>torchbook train {escape(name)}</code></pre></li>"
            for name, about in recipes()
        )
        lead = (
            '<p class="lead">The experiments of the course, each one function and one command. '
            'What they train is listed under <a href="/runs">runs</a>.</p>'
        )
        body = f'<h1>Recipes</h1>{lead}<ul class="site-cards">{rows}</ul>'
        return layout.page("Recipes", body, road=road(), here="/recipes", styles=["pages.css"], wide=True)

    return listed
