"""The recipes and data sets of the workbench, as the site lists them, and the page of the recipes."""

from collections.abc import Callable, Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from torchbook.course.site import layout, trainings
from torchbook.course.site.drawings import kept_drawing
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.site.recipe_drawings import DRAWN
from torchbook.data.source import DATA_SETS
from torchbook.home import home
from torchbook.recipes.start import defaults, described, names

# What makes the drawings of recipes.
_CODE = ("models", "recipes", "reporting/network_drawing.py", "course/site/recipe_drawings.py")


def recipes() -> tuple[tuple[str, str], ...]:
    """Returns the recipes by name, each in a sentence."""
    return tuple((name, described(name).headline) for name in names())


def data_sets() -> tuple[tuple[str, str], ...]:
    """Returns the data sets by name, each in a sentence."""
    return tuple((name, loader.signature.summary) for name, loader in DATA_SETS.items())


def recipes_of(data_set: str) -> list[str]:
    """Returns the recipes that learn from a data set unless they are told otherwise."""
    return [name for name in names() if _data_of(name) == data_set]


def _data_of(recipe: str) -> str:
    return str(defaults(recipe).get("data", "")).partition("?")[0]


def picture_of(data_set: str) -> str:
    """Returns the picture of a data set as HTML; of one that would be downloaded there is none."""
    loader = DATA_SETS.get(data_set)
    if loader is None or loader.downloads:
        return f'<div class="site-thumbnail" aria-hidden="true"><span>{escape(data_set)}</span></div>'
    return _picture("/data/", data_set)


def _picture(folder: str, name: str) -> str:
    image = f'<img src="{folder}{name}.svg" alt="" width="360" height="180" loading="lazy">'
    return f'<div class="site-thumbnail">{image}</div>'


def routes(road: Callable[[], Sequence[LessonStatus]]) -> list[BaseRoute]:
    """Returns the page of all recipes, and their drawings."""

    def listed(request: Request) -> Response:
        statuses = road()
        lessons = {name: status for status in statuses for name in status.lesson.recipes}
        rows = "".join(_row(name, lessons.get(name)) for name in names())
        lead = (
            '<p class="lead">The experiments of the course, each one function and one command. A button trains it, '
            'in a process of its own; what comes of it is listed under <a href="/runs">runs</a>.</p>'
        )
        body = f'<h1>Recipes</h1>{lead}<ul class="site-cards">{rows}</ul>'
        styles, scripts = ["pages.css", "train.css"], ["train.js"]
        return layout.page("Recipes", body, road=statuses, here="/recipes", styles=styles, scripts=scripts, wide=True)

    def drawing(request: Request) -> Response:
        name, folder = request.path_params["name"], home() / "cards" / "recipes"
        file = kept_drawing(name, DRAWN, program="torchbook.course.site.recipe_drawings", folder=folder, code=_CODE)
        if file is None:
            return PlainTextResponse("no such picture", status_code=404)
        return FileResponse(file, media_type="image/svg+xml", headers={"Cache-Control": "max-age=3600"})

    return [Route("/recipes", listed), Route("/recipes/{name}.svg", drawing)]


def _row(name: str, lesson: LessonStatus | None) -> str:
    data = _data_of(name)
    tags = f'data <a href="/data/{data}">{data}</a>' if data in DATA_SETS else ""
    if lesson:
        tags += f' · lesson <a href="{lesson.address}">{lesson.number:02} {escape(lesson.lesson.title)}</a>'
    picture = _picture("/recipes/", name) if name in DRAWN else picture_of(data) if data in DATA_SETS else ""
    return f'<li id="{name}">{picture}<h2>{escape(name)}</h2><p class="facts">{tags}</p>{trainings.button(name)}</li>'
