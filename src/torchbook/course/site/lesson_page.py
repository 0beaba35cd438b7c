"""A lesson as a page of the site: marimo's page between our bar and our foot, with only what it needs open."""

import contextlib
import json
import re
from collections.abc import Callable, Sequence
from html import escape

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from torchbook.course.site import shell
from torchbook.course.site.stops import Stop, part_anchor

# marimo's page gives its icon this address.
_ICON = "/favicon.ico"

# What a page of marimo in run mode asks its server for; the rest of its server stays closed.
_OPEN = re.compile(
    r"/(|ws|health|api/kernel/(instantiate|set_ui_element_value|set_model_value|function_call)|@file/.+)"
)

# marimo shows code in run mode only where the address asks for it; the addresses of lessons are to stay readable.
_SHOW_CODE = """<script>
{
  const asked = URLSearchParams.prototype.get;
  URLSearchParams.prototype.get = function (name) {
    const value = asked.call(this, name);
    return value === null && name === "show-code" ? "true" : value;
  };
}
</script>"""


class LessonPage:
    """marimo's application of one lesson, in the frame of the site. `road` gives the stops as they are now."""

    def __init__(self, app: ASGIApp, *, number: int, road: Callable[[], Sequence[Stop]]):
        self.app, self.number, self.road = app, number, road

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers for everything below the address of the lesson."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if scope["type"] == "http" and path == _ICON:
            await FileResponse(shell.STATIC / "icon.svg")(scope, receive, send)
        elif not _OPEN.fullmatch(path):
            await _closed(scope, receive, send)
        elif scope["type"] == "http" and path == "/":
            await self._page(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, _without_hidden_code(send))
        else:
            await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = await _whole(self.app, scope, receive)
        if status != 200:
            await PlainTextResponse("the lesson cannot be shown", status_code=status)(scope, receive, send)
            return
        road = self.road()
        stop = next(stop for stop in road if stop.number == self.number)
        response = HTMLResponse(framed(body, road, stop), headers={"Cache-Control": "no-cache"})
        await response(scope, receive, send)


def _without_hidden_code(send: Send) -> Send:
    """Leaves out the code that a lesson hides: marimo makes an editor for it all the same, and dozens of them take
    seconds."""

    async def sent(message: Message) -> None:
        text = message.get("text")
        if text and '"kernel-ready"' in text[:200]:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                ready = json.loads(text)
                data = ready["data"]
                hidden = [bool(config.get("hide_code")) for config in data["configs"]]
                data["codes"] = ["" if hide else code for code, hide in zip(data["codes"], hidden)]
                message = {**message, "text": json.dumps(ready)}
        await send(message)

    return sent


def framed(html: str, road: Sequence[Stop], stop: Stop) -> str:
    """marimo's page as a page of the site."""
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
    ours = shell.head(styles=["lesson.css"], scripts=["lesson.js"])
    html = html.replace("</head>", f"{ours}{_SHOW_CODE}</head>", 1)
    before = f"{shell.bar(road, lesson=stop)}{_top(stop)}"
    after = f"{shell.turn(road, stop)}{shell.foot()}"
    root = '<div id="root"></div>'
    main = f'<main id="content" class="lesson" data-lesson="{stop.number}">{_waiting(stop)}{root}</main>'
    placed = f"{main}{after}{''.join(elements)}"
    return html.replace("<body>", f"<body>{before}", 1).replace(root, placed, 1)


def _waiting(stop: Stop) -> str:
    """What is seen until the lesson is there."""
    return (
        f'<div class="lesson-wait" aria-live="polite"><p class="lesson-wait-title">{escape(stop.lesson.title)}</p>'
        '<p class="lesson-wait-words">The lesson is being set up on your machine …</p><i></i><i></i><i></i></div>'
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


async def _whole(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, str]:
    """The status and the body of what an application answers."""
    status, parts = 0, []

    async def kept(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        parts.append(message.get("body", b""))

    # Neither compressed nor "not modified": the body is needed.
    headers = [pair for pair in scope["headers"] if pair[0] not in (b"accept-encoding", b"if-none-match")]
    await app({**scope, "headers": headers}, receive, kept)
    return status, b"".join(parts).decode("utf-8", errors="replace")


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse("not here", status_code=404)(scope, receive, send)
