"""The line between an open page and its cards: `/pages/09/cards`. The cards are held here, and need no worker.

The page says `{"card": id, "do": "open"}`, then what its buttons do. It hears the fields of a card that have changed,
messages that a card sends, and what stands at the end of the lesson once that changes.
"""

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from torchbook.course.cards.card import Card
from torchbook.course.cards.exercise_card import ExerciseCard
from torchbook.course.cards.quiz_card import QuizCard
from torchbook.course.learner.study import find_exercise
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.document_completion import completion
from torchbook.course.site.document_prose import prose
from torchbook.course.texts import document_parts
from torchbook.course.texts.document import Document
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.course.workers.processes import warm
from torchbook.errors import TorchbookError

LOOK = 0.25  # seconds between two looks at the files of the answers


class Cards:
    """The websocket endpoint. `read` gives the document of a label such as `09`, None if there is none."""

    def __init__(self, workspace: Workspace, read: Callable[[str], Document | None]):
        self.workspace, self.read = workspace, read

    async def __call__(self, socket: WebSocket) -> None:
        """Stays with one page until it is closed."""
        await socket.accept()
        document = await run_in_threadpool(self.read, socket.path_params["label"])
        if document is None:
            await socket.close(1008)
            return
        page = _OpenPage(self.workspace, document)
        tasks = [asyncio.create_task(page.tell(socket)), asyncio.create_task(page.look())]
        try:
            while not tasks[0].done():
                await run_in_threadpool(page.hear, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            page.close()


class _OpenPage:
    """One page and those of its cards that are open."""

    def __init__(self, workspace: Workspace, document: Document):
        self.workspace, self.document = workspace, document
        self.parts = {part.id: part for part in document.flat if isinstance(part, document_parts.Card)}
        self.cards: dict[str, Card] = {}
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.loop = asyncio.get_running_loop()
        self.completion = completion(document, workspace)
        self.lock = threading.Lock()

    def say(self, message: dict[str, Any]) -> None:
        """Sends a message to the page, from any thread."""
        with contextlib.suppress(RuntimeError):  # the server has ended
            self.loop.call_soon_threadsafe(self.messages.put_nowait, message)

    def hear(self, text: str) -> None:
        """Does what the page asks of one of its cards; what no page says is ignored."""
        try:
            message = json.loads(text)
        except ValueError:
            return
        id = message.pop("card", None) if isinstance(message, dict) else None
        if not isinstance(id, str) or id not in self.parts:
            return
        if message.get("do") == "open":
            try:
                self._open(id, self.parts[id])
            except (TorchbookError, OSError) as error:
                self.say({"card": id, "fields": {"notice": str(error)}})
        elif id in self.cards:
            self.cards[id].obey(message)

    def _open(self, id: str, part: document_parts.Card) -> None:
        if id in self.cards:
            return
        page, own = _Shown(self, id), self.workspace
        if part.kind == "exercise":
            exercise = find_exercise(own.exercises(), part.name)
            self.cards[id] = ExerciseCard(own, exercise, page=page, html=prose)
            threading.Thread(target=warm, daemon=True).start()
        else:
            files = quizzes(*own.quiz_folders())
            if int(part.name) not in files:
                raise TorchbookError(f"there is no quiz for lesson {int(part.name):02}")
            self.cards[id] = QuizCard(own, read_quiz(files[int(part.name)]), page=page, html=prose)

    def done(self) -> None:
        """Shows what stands at the end of the lesson, if that is something else now."""
        with self.lock:
            html = completion(self.document, self.workspace)
            if html != self.completion:
                self.completion = html
                self.say({"completion": html})

    async def tell(self, socket: WebSocket) -> None:
        """Sends what the cards say, in its order."""
        while True:
            await socket.send_json(await self.messages.get())

    async def look(self) -> None:
        """Looks at what other editors save."""
        while True:
            await asyncio.sleep(LOOK)
            for card in list(self.cards.values()):
                if isinstance(card, ExerciseCard):
                    with contextlib.suppress(OSError):
                        await run_in_threadpool(card.look)

    def close(self) -> None:
        """Ends what the cards do for this page."""
        for card in self.cards.values():
            card.close()


class _Shown:
    """The page as one of its cards knows it: what is shown already is not sent again."""

    def __init__(self, page: _OpenPage, id: str):
        self.page, self.id = page, id
        self.fields: dict[str, Any] = {}

    def show(self, fields: dict[str, Any]) -> None:
        changed = {name: value for name, value in fields.items() if self.fields.get(name, ...) != value}
        self.fields |= changed
        if changed:
            self.page.say({"card": self.id, "fields": changed})
        if self.fields.keys() != changed.keys() and changed.keys() & {"standing", "marks"}:
            self.page.done()

    def send(self, message: dict[str, Any]) -> None:
        self.page.say({"card": self.id, "message": message})
