"""A lesson's document as a page of the site: complete in its first byte of HTML, before anything has run."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import changed_blocks, study
from torchbook.course.learner.workspace import Workspace
from torchbook.course.runtime.snapshot import Snapshot, read_snapshot
from torchbook.course.site import card_files, document_blocks, layout, picture_files, trainings, typefaces
from torchbook.course.site.document_article import Article
from torchbook.course.site.document_blocks import Blocks
from torchbook.course.site.document_cards import Cards
from torchbook.course.site.document_completion import completed
from torchbook.course.site.document_guess import words_for_page
from torchbook.course.site.document_judge import Judge
from torchbook.course.site.document_live import Live
from torchbook.course.site.document_prose import inline
from torchbook.course.site.gathered_lesson import gathered
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.texts import plan
from torchbook.course.texts.document import Document, labelled_documents, read_document
from torchbook.course.texts.document_parts import Card, Guess, Heading
from torchbook.course.texts.reading_time import minutes
from torchbook.course.workers.processes import warm

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# Nothing that stands in the page itself runs or styles it, and nothing comes from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


def routes(
    workspace: Workspace, road: Callable[[], Sequence[LessonStatus]], lessons: Mapping[int, Path]
) -> list[BaseRoute]:
    """The pages of all documents, `/lessons/09-autograd/` or `/projects/P1-engine/`, their lines to a worker and to the
    cards, and the files that they need. `/lessons/09`, and whatever else begins with the label, leads there.
    """
    files = labelled_documents(lessons)

    def file_of(name: str) -> Path | None:
        return files.get(name.partition("-")[0])

    def stored(name: str) -> tuple[Document, Snapshot] | None:
        """The document of a name with its state; a lesson that is not written yet has one of what there is."""
        if file := file_of(name):
            return read_stored(file)
        number = name.partition("-")[0]
        status = next((status for status in road() if number.isdecimal() and status.number == int(number)), None)
        return (gathered(status), Snapshot("", {})) if status else None

    def document(name: str) -> Document | None:
        pair = stored(name)
        return pair[0] if pair else None

    def answers(document: Document) -> dict[str, str]:
        if not document.uses_answers:
            return {}
        return {name: str(file) for name, file in study.passed_answers(workspace, workspace.exercises()).items()}

    async def page(request: Request) -> Response:
        pair = await run_in_threadpool(stored, request.path_params["name"])
        if pair is None:
            raise HTTPException(404)
        if request.url.path != pair[0].address:
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(pair[0].address + query)
        await run_in_threadpool(warm, documents=True)
        body = await run_in_threadpool(lambda: whole(*pair, workspace, road()))
        policy = POLICY.format(host=request.headers.get("host", ""))
        return HTMLResponse(body, headers={"Cache-Control": "no-cache", "Content-Security-Policy": policy})

    cards, live, blocks = Cards(workspace, document), Live(document, answers), Blocks(workspace, document)
    return [
        Route("/static/faces/{name}.woff", _face),
        Route("/static/faces.css", _faces),
        Route("/static/pictures/all.css", _picture_style),
        Route("/static/pictures/{scripts}", _picture_script),
        Route("/static/cards.js", _card_script),
        Route("/static/cards.css", _card_style),
        *(Route(f"/{folder}/{{name}}{end}", page) for folder in ("lessons", "projects", "pages") for end in ("", "/")),
        *(Route(f"/{folder}/{{name}}/blocks", blocks.__call__, methods=["PUT"]) for folder in ("lessons", "projects")),
        Route("/projects/{name}/judge", Judge(workspace, document).__call__, methods=["POST"]),
        *(WebSocketRoute(f"/{folder}/{{name}}/cards", cards.__call__) for folder in ("lessons", "projects")),
        *(WebSocketRoute(f"/{folder}/{{name}}/live", live.__call__) for folder in ("lessons", "projects")),
    ]


def whole(document: Document, snapshot: Snapshot, workspace: Workspace, road: Sequence[LessonStatus]) -> str:
    """The page of a document as HTML, with the bar, the list of its sections, and the lessons before and after."""
    label, front = document.label, document.front
    number = document.number if front.after is None else front.after
    stop = next((stop for stop in road if stop.number == number), None)
    kicker = f"Lesson {label} · {plan.planned_lesson(number).part}"
    if document.is_project:
        kicker = f"Project {label} · after lesson {number:02}"
    pairs = [pair for status in road for pair in zip(status.exercises, status.standings)]
    by_name = {exercise.name: exercise for exercise, _ in pairs}
    standings = {exercise.name: standing for exercise, standing in pairs}
    scores = {status.number: status.score for status in road}
    article = Article(document, snapshot.fragments, exercises=by_name, standings=standings, scores=scores)
    reading = minutes(document)
    # A lesson that is not written yet begins with what can be trained.
    recipes = stop.lesson.recipes if stop and not stop.file and not document.is_project else ()
    buttons = "".join(map(trainings.button, recipes))
    bar = layout.bar(road, current=f"{label} {front.title}", address=document.address, contents=_contents_menu(reading))
    answers = ""
    if document.uses_answers:  # the stored state shows the solutions; with one's own it runs once at the beginning
        answers = f' data-answers="{"own" if study.passed_answers(workspace, [*by_name.values()]) else "solutions"}"'
    changed = document_blocks.for_page(document, changed_blocks.read(workspace, document.label))
    styles = card_files.styles()
    # The cards come first, for the page colours code as they do.
    styles += f'<script type="module" src="{card_files.script_address()}"></script>'
    scripts = ["page_pictures.js", "page.js", "page_summary.js", "bookmark.js", "train.js"]
    if any(isinstance(part, Guess) for part in document.flat):
        scripts.append("guess.js")
        changed += words_for_page()
    head = layout.head(styles=("code.css", "page.css", "train.css"), scripts=scripts)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{label} {escape(front.title)} · torchbook</title>"
        f'<meta name="description" content="{escape(front.line)}">{styles}{head}</head>'
        f'<body class="page">{bar}'
        f'<div class="page-grid">{_contents(document, reading)}'
        f'<main id="content" data-lesson="{label if document.is_project else number}"{answers}>'
        f'<article class="lesson-page"><header><p class="kicker">{escape(kicker)}</p>'
        f'<h1>{escape(front.title)}</h1><p class="standfirst">{inline(front.line)}</p>'
        f'<p class="meta">{_cost(document, by_name, reading, road)}</p></header>'
        f"{buttons}{article.html()}{completed(document, standings, scores)}</article>{changed}"
        f"{layout.turn(road, document.address)}</main></div>{layout.foot()}</body></html>"
    )


def _cost(document: Document, exercises: dict[str, Exercise], reading: int, road: Sequence[LessonStatus]) -> str:
    own = [exercises[part.name] for part in document.flat if isinstance(part, Card) and part.name in exercises]
    text = f"{reading} minutes to read"
    if own:
        plural = "s" * (len(own) != 1)
        text += f" · {len(own)} exercise{plural}, {sum(exercise.minutes for exercise in own)} minutes"
    for status in road:
        for project in status.projects if status.number == document.number and not document.is_project else ():
            count = len(project.outline.exercises)
            text += f" · {count} more in project {project.label}" if count else f" · project {project.label}"
    return text


def _contents(document: Document, reading: int) -> str:
    headings = [part for part in document.flat if isinstance(part, Heading) and part.level == 2]
    rows = "".join(f'<li><a href="#{part.id}">{inline(part.text)}</a></li>' for part in headings)
    return (
        f'<nav class="contents" aria-label="Sections of this lesson"><p>In this lesson</p><ol>{rows}</ol>'
        f'<p class="left" data-minutes="{reading}"></p></nav>'
    )


def _contents_menu(reading: int) -> str:
    """Returns the menu in the bar that holds the list of sections where there is no room beside the text."""
    return (
        '<details class="site-menu contents-menu" hidden><summary><span>On this page</span>'
        f'<span class="left" data-minutes="{reading}"></span></summary>'
        '<nav class="site-menu-panel" aria-label="Sections of this page"></nav></details>'
    )


def read_stored(file: Path) -> tuple[Document, Snapshot]:
    """Returns the document of a file with its stored state, as they are now."""
    stored = file.with_suffix(".json")
    return _read_once(file, file.stat().st_mtime_ns, stored.stat().st_mtime_ns if stored.is_file() else 0)


@lru_cache(maxsize=64)
def _read_once(file: Path, changed: int, frozen: int) -> tuple[Document, Snapshot]:
    document = read_document(file)
    return document, read_snapshot(document)


async def _card_script(request: Request) -> Response:
    return Response(card_files.script(), media_type="text/javascript", headers=_FOREVER)


async def _card_style(request: Request) -> Response:
    return Response(card_files.style(), media_type="text/css", headers=_FOREVER)


async def _face(request: Request) -> Response:
    try:
        file = await run_in_threadpool(typefaces.face_file, request.path_params["name"])
    except (KeyError, FileNotFoundError):
        raise HTTPException(404) from None
    return FileResponse(file, media_type="font/woff", headers=_FOREVER)


async def _faces(request: Request) -> Response:
    return Response(typefaces.style(), media_type="text/css", headers=_FOREVER)


async def _picture_style(request: Request) -> Response:
    return Response(picture_files.style(), media_type="text/css", headers=_FOREVER)


async def _picture_script(request: Request) -> Response:
    try:
        text = picture_files.script(tuple(request.path_params["scripts"].split("+")))
    except KeyError:
        raise HTTPException(404) from None
    return Response(text, media_type="text/javascript", headers=_FOREVER)
