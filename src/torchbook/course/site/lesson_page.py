"""A lesson as a page of the site: marimo's page between our bar and our foot, with only what it needs open."""

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from torchbook.course.notebook import text
from torchbook.course.site import highlight, layout, loading
from torchbook.course.site.lesson_status import LessonStatus as Stop
from torchbook.course.site.lesson_status import part_anchor
from torchbook.course.site.notebooks import Notebook, served
from torchbook.course.site.outline import written
from torchbook.course.texts.cell import COMPUTED
from torchbook.errors import TorchbookError

# marimo's page gives its icon this address.
_ICON = "/favicon.ico"

# What a page of marimo in run mode asks its server for; the rest of its server stays closed.
_OPEN = re.compile(
    r"/(|ws|health|api/kernel/(instantiate|set_ui_element_value|set_model_value|function_call)|@file/.+)"
)

# marimo would hide a cell that failed, as if it had nothing to show.
_FAILED = (
    '<p class="lesson-error" role="alert">This cell has stopped with an error; the terminal of '
    "<code>torchbook learn</code> says which. What depends on it is missing too.</p>"
)


class LessonPage:
    """marimo's application of one lesson, in the frame of the site. `road` gives the stops as they are now.

    The application is made when it is needed first: a course of dozens of lessons starts as fast as one of two.
    """

    def __init__(self, notebook: Notebook, *, road: Callable[[], Sequence[Stop]]):
        self.notebook, self.road = notebook, road
        self._app: Starlette | None = None
        self._making = threading.Lock()
        # marimo makes its page anew for every visit; it is the same one until the file changes.
        self._made: tuple[int, str, str, str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers for everything below the address of the lesson."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] == "http" and path == _ICON:
            await FileResponse(layout.STATIC / "icon.svg")(scope, receive, send)
        elif not _OPEN.fullmatch(path):
            await _closed(scope, receive, send)
        elif scope["type"] == "http" and path == "/":
            await self._page(scope, receive, send)
        elif scope["type"] == "websocket":
            await run_in_threadpool(loading.prepare, self.notebook.file)
            await (await self._application())(scope, receive, _with_errors(send))
        else:
            await (await self._application())(scope, receive, send)

    async def _application(self) -> Starlette:
        return self._app if self._app is not None else await run_in_threadpool(self._make)

    def _make(self) -> Starlette:
        with self._making:
            app = self._app = self._app or served(self.notebook)
            return app

    async def close(self) -> None:
        """Ends what the lesson's visitors have started."""
        if self._app:
            await self._app.state.session_manager.shutdown()

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        loading.first_of_all()
        html, code, beginning = await self._current()
        road = self.road()
        stop = next(stop for stop in road if stop.number == self.notebook.number)
        while_it_is_read = BackgroundTask(loading.prepare, self.notebook.file)
        page = framed(html, road, stop, code, beginning)
        response = HTMLResponse(page, headers={"Cache-Control": "no-cache"}, background=while_it_is_read)
        await response(scope, receive, send)

    async def _current(self) -> tuple[str, str, str]:
        """marimo's page, the code of the lesson and its beginning, of the file as it is now."""
        changed = self.notebook.file.stat().st_mtime_ns
        if self._made is None or self._made[0] != changed:
            code = highlight.element(self.notebook.file.read_text(encoding="utf-8"))
            page = await _body(await self._application(), self.notebook.address)
            self._made = changed, page, code, opening(self.notebook.file)
        return self._made[1:]

    def ahead(self) -> Iterator[Callable[[], object]]:
        """What the first reader would have to wait for, in parts."""
        yield from loading.ahead(self.notebook.file)
        yield lambda: asyncio.run(self._current())


def _with_errors(send: Send) -> Send:
    """Shows where a cell has failed."""

    async def sent(message: Message) -> None:
        told = message.get("text")
        if told and '"cell-op"' in told[:40] and "application/vnd.marimo+error" in told:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                said = json.loads(told)
                said["data"]["output"] |= {"channel": "output", "mimetype": "text/html", "data": _FAILED}
                message = {**message, "text": json.dumps(said)}
        await send(message)

    return sent


def opening(file: Path) -> str:
    """The first text of a lesson as HTML if nothing in it is computed: it is read while the lesson is set up."""
    lesson = written(file)
    first = next((cell for cell in lesson.cells if cell.texts), None) if lesson else None
    if first is None or first.shows != "text" or len(first.texts) > 1 or COMPUTED in first.texts[0]:
        return ""
    try:
        return str(text(first.texts[0]).text)
    except TorchbookError:  # said when the lesson is run
        return ""


def framed(html: str, road: Sequence[Stop], stop: Stop, code: str = "", beginning: str = "") -> str:
    """marimo's page as a page of the site, and the code of its cells, which our script puts where it belongs.

    `beginning` is what a reader sees until marimo has run the lesson.
    """
    title = f"{stop.number:02} {stop.lesson.title} · torchbook"
    # Its own icons and fonts, and a worker for files that no lesson has.
    html = re.sub(r'<link rel="(icon|preload|apple-touch-icon|manifest)"[^>]*>', "", html)
    html = re.sub(
        r"<meta (name|property)=\"(theme-color|description|viewport|og:[^\"]*|twitter:[^\"]*)\"[^>]*>", "", html
    )
    html = re.sub(r"<script[^>]*>(?:(?!</script>).)*serviceWorker(?:(?!</script>).)*</script>", "", html, flags=re.S)
    # Elements that end a head wherever they stand: to the end of the page.
    elements = re.findall(r"<marimo-[a-z-]+[^>]*>[^<]*</marimo-[a-z-]+>", html)
    html = re.sub(r"<marimo-[a-z-]+[^>]*>[^<]*</marimo-[a-z-]+>", "", html)
    html = re.sub(r"<title>.*?</title>", lambda _: f"<title>{escape(title)}</title>", html, flags=re.S)
    ours = layout.head(styles=["lesson.css", "code.css"], scripts=["lesson.js"])
    first = f'<script src="{layout.asset("turns.js")}"></script>'  # before marimo looks how to send
    html = html.replace("<head>", f"<head>{first}", 1).replace("</head>", f"{ours}</head>", 1)
    before = f"{layout.bar(road, lesson=stop)}{_top(stop)}"
    after = f"{layout.turn(road, stop)}{layout.foot()}"
    root = '<div id="root"></div>'
    main = f'<main id="content" class="lesson" data-lesson="{stop.number}">{_waiting(stop, beginning)}{root}</main>'
    placed = f"{main}{code}{after}{''.join(elements)}"
    return html.replace("<body>", f"<body>{before}", 1).replace(root, placed, 1)


def _waiting(stop: Stop, beginning: str) -> str:
    """What is seen until the lesson is there."""
    return (
        f'<div class="lesson-wait">{beginning or f"<p class=lesson-wait-title>{escape(stop.lesson.title)}</p>"}'
        '<p class="lesson-wait-words" aria-live="polite">The lesson is being set up on your machine …</p>'
        "<i></i><i></i><i></i></div>"
    )


def _top(stop: Stop) -> str:
    facts = [f"{stop.minutes} min to read"] if stop.minutes else []
    if stop.exercises:
        count = len(stop.exercises)
        facts.append(f"<span data-exercises>{stop.passed} of {count} exercise{'s' * (count > 1)}</span>")
    if stop.questions:
        facts.append(f"<span data-quiz>quiz {stop.right} of {stop.questions}</span>")
    said = " · ".join(facts)
    return (
        f'<div class="lesson-top"><p><a href="/#{part_anchor(stop.lesson.part)}">{escape(stop.lesson.part)}</a>'
        f" <span>lesson {stop.number:02}</span></p><p>{said}</p></div>"
    )


async def _body(app: ASGIApp, address: str) -> str:
    """What an application answers to a visit, as text.

    Raises:
        HTTPException: it answers that it cannot.
    """
    parts = []
    status = 0

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def kept(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": address,
        "raw_path": address.encode(),
        "root_path": address.rstrip("/"),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 80),
    }
    await app(scope, nothing, kept)
    if status != 200:
        raise HTTPException(status, "the lesson cannot be shown")
    return b"".join(parts).decode("utf-8", errors="replace")


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("not here", status_code=404)(scope, receive, send)
