"""The line between an open page and the worker of its lesson: `/lessons/09-autograd/live`. It ends with the page.

The server passes on what the page says, and makes HTML of what the worker answers; it computes nothing.
"""

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from torchbook.course.runtime.fragment import Fragment, from_json
from torchbook.course.site.document_article import Article
from torchbook.course.site.websocket import next_message
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Picture
from torchbook.course.workers.conversation import Conversation, begin

# By name, for the server has no torch.
CALL = "torchbook.course.runtime.lesson_worker:hold"
MOST = 8  # workers at once
_BEGINNING = ("controls", "cells", "pictures", "replaced", "number")
_EVERY = 3600.0


class Live:
    """The websocket endpoint. `read` gives the document of a name such as `09-autograd`, None if there is none;
    `answers` gives the files of the answers that a document uses, by exercise."""

    def __init__(self, read: Callable[[str], Document | None], answers: Callable[[Document], dict[str, str]]):
        self.read, self.answers, self.open = read, answers, 0

    async def __call__(self, socket: WebSocket) -> None:
        """Stays with one page until it is closed."""
        await socket.accept()
        document = await run_in_threadpool(self.read, socket.path_params["name"])
        if document is None or self.open >= MOST:
            await socket.close(1013 if document else 1008)
            return
        self.open += 1
        conversation: Conversation | None = None
        try:
            first = await next_message(socket)
            allowed = {key: first[key] for key in _BEGINNING if key in first}
            answers = await run_in_threadpool(self.answers, document)
            request = {"call": CALL, "document": str(document.file), "answers": answers} | allowed
            conversation = await run_in_threadpool(begin, request)
            await self._serve(socket, document, conversation)
        except (WebSocketDisconnect, RuntimeError, ValueError):
            pass
        finally:
            self.open -= 1
            if conversation:
                conversation.end()  # without waiting, for who is cancelled must not wait

    async def _serve(self, socket: WebSocket, document: Document, conversation: Conversation) -> None:
        answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            with contextlib.suppress(RuntimeError):  # the server has ended
                for message in conversation.messages(every=_EVERY):
                    if message is not None:
                        loop.call_soon_threadsafe(answers.put_nowait, message)

        threading.Thread(target=read, daemon=True).start()
        telling = asyncio.create_task(self._tell(socket, document, answers))
        try:
            while True:
                message = await next_message(socket)
                if telling.done():
                    break
                if "passed" in message:  # the page knows that something has, the server which
                    message["answers"] = await run_in_threadpool(self.answers, document)
                await run_in_threadpool(conversation.say, message)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    async def _tell(self, socket: WebSocket, document: Document, answers: "asyncio.Queue[dict[str, Any]]") -> None:
        while True:
            message = await answers.get()
            if message.keys() & {"fragments", "pictures", "running"}:
                text = await run_in_threadpool(_for_page, document, message)
                await socket.send_text(text)
            elif "exit" in message:
                await socket.send_json({"ended": message["exit"]})
                await socket.close()
                return


def _for_page(document: Document, message: dict[str, Any]) -> str:
    """The fragments of a worker as the page takes them: HTML by id, and what is new in pictures as it is."""
    fragments = {id: from_json(fields) for id, fields in message.get("fragments", {}).items()}
    if message.get("printed"):
        fragments[message["running"]] = Fragment(printed=message["printed"])
    article = Article(document, fragments, exercises={})
    # What moves is drawn by the page, and what waits and has not run in this worker stands as it was.
    places = {part.id for part in document.flat if isinstance(part, Picture)}
    still = {
        id
        for id, each in fragments.items()
        if (each.waits and each == Fragment(waits=each.waits)) or (id in places and not each.drawing)
    }
    blocks = {id: article.element(id) for id in fragments if id not in still}
    waits = {id: fragment.waits or id * bool(fragment.error) for id, fragment in fragments.items() if id in still}
    answer = {"blocks": blocks, "pictures": message.get("pictures", {}), "waits": waits}
    return json.dumps(answer | {key: message[key] for key in ("number", "running") if key in message})
