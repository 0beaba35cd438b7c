"""The line between an open page and its cards: `/lessons/09-autograd/cards`. The cards are held here, without a worker.

The page says `{"card": id, "do": "open"}`, then what its buttons do. It hears the fields of a card that have changed,
messages that a card sends, and what stands at the end of the lesson once that changes.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from torchbook.course.cards.card import Card, Page
from torchbook.course.cards.exercise_card import ExerciseCard
from torchbook.course.cards.quiz_card import QuizCard
from torchbook.course.learner.study import find_exercise
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.document_completion import completion
from torchbook.course.site.document_prose import prose
from torchbook.course.site.websocket import next_message
from torchbook.course.texts import document_parts
from torchbook.course.texts.document import Document
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.course.workers.processes import warm
from torchbook.errors import TorchbookError

LOOK = 0.25  # seconds between two looks at the files of the answers


class Cards:
    """The websocket endpoint. `read` gives the document of a name such as `09-autograd`, None if there is none."""

    def __init__(self, workspace: Workspace, read: Callable[[str], Document | None]):
        self.workspace, self.read = workspace, read

    async def __call__(self, socket: WebSocket) -> None:
        """Stays with one page until it is closed."""
        document = await run_in_threadpool(self.read, socket.path_params["name"])
        if document is None:
            await socket.accept()
            await socket.close(1008)
            return
        parts = {part.id: part for part in document.flat if isinstance(part, document_parts.Card)}

        def card(id: str, page: Page) -> Card | None:
            return _card(self.workspace, parts[id], page) if id in parts else None

        await serve(socket, card, lambda: completion(document, self.workspace))


async def serve(socket: WebSocket, card: Callable[[str, Page], Card | None], end: Callable[[], str]) -> None:
    """Stays with one page until it is closed. `card` makes the card of an id, if there is one; `end` is the element
    that stands at the end of the page now."""
    await socket.accept()
    page = _OpenPage(card, end, await run_in_threadpool(end))
    tasks = [asyncio.create_task(page.tell(socket)), asyncio.create_task(page.look())]
    try:
        while not tasks[0].done():
            await run_in_threadpool(page.hear, await next_message(socket, {"card": str}))
    except (WebSocketDisconnect, RuntimeError):
        pass
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _card(own: Workspace, part: document_parts.Card, page: Page) -> Card:
    if part.kind == "exercise":
        threading.Thread(target=warm, daemon=True).start()
        return ExerciseCard(own, find_exercise(own.exercises(), part.name), page=page, html=prose)
    files = quizzes(*own.quiz_folders())
    if int(part.name) not in files:
        raise TorchbookError(f"there is no quiz for lesson {int(part.name):02}")
    return QuizCard(own, read_quiz(files[int(part.name)]), page=page, html=prose)


class _OpenPage:
    """One page and those of its cards that are open."""

    def __init__(self, card: Callable[[str, Page], Card | None], end: Callable[[], str], now: str):
        self.card, self.end, self.completion = card, end, now
        self.cards: dict[str, Card] = {}
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.loop = asyncio.get_running_loop()
        self.lock = threading.Lock()

    def say(self, message: dict[str, Any]) -> None:
        """Sends a message to the page, from any thread."""
        with contextlib.suppress(RuntimeError):  # the server has ended
            self.loop.call_soon_threadsafe(self.messages.put_nowait, message)

    def hear(self, message: dict[str, Any]) -> None:
        """Does what the page asks of one of its cards; what no page says is ignored."""
        id = message.pop("card")
        if message.get("do") == "open":
            try:
                if id not in self.cards and (card := self.card(id, _Shown(self, id))):
                    self.cards[id] = card
            except (TorchbookError, OSError) as error:
                self.say({"card": id, "fields": {"notice": str(error)}})
        elif id in self.cards:
            self.cards[id].obey(message)

    def done(self) -> None:
        """Shows what stands at the end of the lesson, if that is something else now."""
        with self.lock:
            html = self.end()
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
