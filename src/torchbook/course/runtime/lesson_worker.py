"""The worker of an open page: it holds the names of a lesson in a process of its own, which can be killed.

The page says `{"controls": {"x": 1.0}}`, `{"cell": id, "source": text}` and `{"cell": id}`, which puts it back, and the
server `{"answers": {"inner_ring": file}}`, those of the learner's answers that have passed. The worker answers with the
fragments that have changed, and with the number of the last message that they are for.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from torchbook.course.grading.earlier_answers import use
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.snapshot import read_snapshot
from torchbook.course.texts.document import read_document
from torchbook.errors import TorchbookError

Message = dict[str, Any]


def hold(request: Message, send: Callable[[Message], None], heard: Iterator[Message]) -> None:
    """Runs the document in `request["document"]` with its controls and changed cells, then does what the page says.

    The page shows the frozen state, but for the parts whose ids are in `request["replaced"]`.
    """
    document = read_document(Path(request["document"]))
    frozen = read_snapshot(document).fragments
    use(_paths(request.get("answers", {})))
    session = LiveSession(document, **request.get("controls", {}))
    for cell, source in request.get("cells", {}).items():
        session.rewrite(cell, source)
    nothing, replaced = Fragment(), request.get("replaced", ())
    fragments = session.fragments.items()
    changed = [id for id, fragment in fragments if id in replaced or fragment != frozen.get(id, nothing)]
    send(_changes(session, changed, request.get("number", 0)))
    inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def listen() -> None:
        for message in heard:
            inbox.put(message)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        number, ids = _obey(session, _merged(inbox))
        send(_changes(session, ids, number))


def _merged(inbox: "queue.SimpleQueue[Message]") -> list[Message]:
    """All that has been said by now, with the moves of controls that follow each other as one."""
    messages = [inbox.get()]
    while not inbox.empty():
        message = inbox.get()
        if "controls" in message and "controls" in messages[-1]:
            message["controls"] = messages.pop()["controls"] | message["controls"]
        messages.append(message)
    return messages


def _obey(session: LiveSession, messages: list[Message]) -> tuple[int, list[str]]:
    ids: dict[str, None] = {}
    number = 0
    for message in messages:
        number = message.get("number", number)
        try:
            if "answers" in message:
                done = session.use_answers(_paths(message["answers"]))
            elif "controls" in message:
                done = session.move(**message["controls"])
            elif "source" in message:
                done = session.rewrite(message["cell"], message["source"])
            else:
                done = session.put_back(message["cell"])
        except TorchbookError:  # a page of an older version may ask for what is no longer there
            done = ()
        ids |= dict.fromkeys(done)
    return number, list(ids)


def _paths(answers: dict[str, str]) -> dict[str, Path]:
    return {name: Path(file) for name, file in answers.items()}


def _changes(session: LiveSession, ids: list[str], number: int) -> Message:
    return {"number": number, "fragments": {id: session.fragments[id].as_json() for id in ids}}
