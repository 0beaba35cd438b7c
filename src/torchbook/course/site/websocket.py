"""The websocket between every open page and the server: reports progress to the page and the place to the server.

When the connection breaks, the page knows that the server is gone; when it is back, whether it is another one.
"""

import asyncio
import contextlib
import json
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

# Seconds between two polls of the progress database.
_LOOK = 1.0


class Presence:
    """The websocket endpoint `/presence`. `road` returns the current status of all lessons."""

    def __init__(self, workspace: Workspace, road: Callable[[], Sequence[LessonStatus]]):
        self.workspace, self.road = workspace, road
        # Another process answers with another one, which tells pages to load anew.
        self.server = secrets.token_hex(8)

    async def __call__(self, socket: WebSocket) -> None:
        """Serves one page until it is closed."""
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_json({"server": self.server})
            sender = asyncio.create_task(self._send_progress(socket))
            try:
                while True:
                    await self._remember(await socket.receive_text())
            finally:
                sender.cancel()
                await asyncio.gather(sender, return_exceptions=True)

    async def _remember(self, text: str) -> None:
        with contextlib.suppress(ValueError, TypeError, KeyError, OSError):
            message = json.loads(text)
            lesson = message["lesson"]
            project = isinstance(lesson, str) and lesson in projects()
            await run_in_threadpool(
                bookmarks.remember,
                self.workspace,
                lesson if project else int(lesson),
                anchor=str(message.get("anchor", "")),
                heading=str(message.get("heading", "")),
                share=float(message.get("share", 0.0)),
            )

    async def _send_progress(self, socket: WebSocket) -> None:
        before = _signature(self.workspace.database)
        while True:
            await asyncio.sleep(_LOOK)
            now = _signature(self.workspace.database)
            if now != before:
                before = now
                with contextlib.suppress(TorchbookError):  # the pages say it
                    await socket.send_json({"progress": _progress_of(await run_in_threadpool(self.road))})


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
