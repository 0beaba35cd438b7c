"""The websocket between every open page and the server: reports progress to the page and the place to the server.

When the connection breaks, the page knows that the server is gone; when it is back, whether it is another one.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import bookmarks
from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.texts.document import projects
from torchbook.errors import TorchbookError
from torchbook.record import Number, parsed

_PLACE = {"lesson": (Number(0, 9999, whole=True), str), "anchor?": str, "heading?": str, "share?": Number(0, 1)}
# Seconds between two polls of the progress database.
_LOOK = 1.0


class Presence:
    """The websocket endpoint `/presence`. `road` returns the current status of all lessons."""

    def __init__(self, workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]):
        self.workspace, self.road = workspace, road
        # Another process answers with another one, which tells pages to load anew.
        self.server = secrets.token_hex(8)
        self._lessons: set[int] = set()

    async def __call__(self, socket: WebSocket) -> None:
        """Serves one page until it is closed."""
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_json({"server": self.server})
            sender = asyncio.create_task(self._send_progress(socket))
            try:
                while True:
                    await self._remember(await next_message(socket, _PLACE))
            finally:
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)

    async def _remember(self, message: dict[str, Any]) -> None:
        lesson = message["lesson"]
        if isinstance(lesson, str) and lesson.isdecimal() and len(lesson) <= 4:
            lesson = int(lesson)
        if not await run_in_threadpool(self._is_on_the_road, lesson):
            return
        with contextlib.suppress(OSError):
            anchor, heading = message.get("anchor", ""), message.get("heading", "")
            share = float(message.get("share", 0.0))
            await run_in_threadpool(
                bookmarks.remember, self.workspace, lesson, anchor=anchor, heading=heading, share=share
            )

    def _is_on_the_road(self, lesson: int | str) -> bool:
        if isinstance(lesson, str):
            return lesson in projects()
        if lesson not in self._lessons:
            self._lessons = {status.number for status in self.road()}
        return lesson in self._lessons

    async def _send_progress(self, socket: WebSocket) -> None:
        before = None  # the page hears at once how it stands now: something may have changed since it was made
        while True:
            now = _signature(self.workspace.database)
            if now != before:
                before = now
                with contextlib.suppress(TorchbookError):  # the pages say it
                    await socket.send_json({"progress": _progress_of(await run_in_threadpool(self.road))})
            await asyncio.sleep(_LOOK)


async def next_message(socket: WebSocket, shape: Any = dict) -> dict[str, Any]:
    """Returns the next message of a page that is of this shape (`torchbook.record`); others are passed over.

    Raises:
        WebSocketDisconnect: the page is closed.
    """
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000), message.get("reason"))
        with contextlib.suppress(TorchbookError):
            return parsed(message.get("text") or "", shape, "a message of a page")


def _progress_of(road: Sequence[LessonStatus]) -> dict[str, Any]:
    return {
        "passed": sum(status.passed for status in road),
        "exercises": sum(len(status.exercises) for status in road),
        "lessons": {
            status.number: {
                "passed": status.passed,
                "exercises": len(status.exercises),
                "right": status.right,
                "questions": status.questions,
            }
            for status in road
            if status.exercises or status.questions
        },
    }


def _signature(database: Path) -> list[int]:
    """Returns times of change and sizes of the progress database and of its write-ahead log."""
    times = []
    for file in (database, database.with_name(database.name + "-wal")):
        try:
            stat = file.stat()
            times += [stat.st_mtime_ns, stat.st_size]
        except OSError:
            times += [0, 0]
    return times
