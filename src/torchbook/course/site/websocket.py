"""The line that every open page keeps to the server: it tells the page what has changed, and the server where one is.

When the line breaks the page knows that the server is gone; when it is back, whether it is another one.
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
from torchbook.course.site.lesson_status import Stop
from torchbook.errors import TorchbookError

# Seconds between two looks at the file of progress.
_LOOK = 1.0


class Presence:
    """The websocket endpoint `/presence`. `road` gives the stops as they are now."""

    def __init__(self, workspace: Workspace, road: Callable[[], Sequence[Stop]]):
        self.workspace, self.road = workspace, road
        # Another process answers with another one, which tells pages to load anew.
        self.server = secrets.token_hex(8)

    async def __call__(self, socket: WebSocket) -> None:
        """Stays with one page until it is closed."""
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await socket.send_json({"server": self.server})
            telling = asyncio.create_task(self._tell(socket))
            try:
                while True:
                    await self._heard(await socket.receive_text())
            finally:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)

    async def _heard(self, text: str) -> None:
        with contextlib.suppress(ValueError, TypeError, KeyError, OSError):
            said = json.loads(text)
            await run_in_threadpool(
                bookmarks.remember,
                self.workspace,
                int(said["lesson"]),
                anchor=str(said.get("anchor", "")),
                heading=str(said.get("heading", "")),
                share=float(said.get("share", 0.0)),
            )

    async def _tell(self, socket: WebSocket) -> None:
        before = _changed(self.workspace.database)
        while True:
            await asyncio.sleep(_LOOK)
            now = _changed(self.workspace.database)
            if now != before:
                before = now
                with contextlib.suppress(TorchbookError):  # the pages say it
                    await socket.send_json({"progress": _told(await run_in_threadpool(self.road))})


def _told(road: Sequence[Stop]) -> dict[str, Any]:
    return {
        "passed": sum(stop.passed for stop in road),
        "exercises": sum(len(stop.exercises) for stop in road),
        "lessons": {
            stop.number: {
                "passed": stop.passed,
                "exercises": len(stop.exercises),
                "right": stop.right,
                "questions": stop.questions,
            }
            for stop in road
            if stop.exercises or stop.questions
        },
    }


def _changed(database: Path) -> list[int]:
    """When the file of progress was changed last; what was written last stands beside it for a while."""
    times = []
    for file in (database, database.with_name(database.name + "-wal")):
        try:
            about = file.stat()
            times += [about.st_mtime_ns, about.st_size]
        except OSError:
            times += [0, 0]
    return times
