"""The worker of an open page: it holds the names of a lesson in a process of its own, which can be killed.

The page says `{"controls": {"x": 1.0}}`, `{"cell": id, "source": text}` and `{"cell": id}`, which puts it back, and the
server `{"answers": {"inner_ring": file}}`, those of the learner's answers that have passed. The worker answers with the
fragments that have changed, and with the number of the last message that they are for. What the page says of a
picture, `{"picture": id}`, is answered beside that, whatever the cells do.
"""

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from torchbook.course.grading.earlier_answers import use
from torchbook.course.pictures import surroundings
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.picture_stage import Stage
from torchbook.course.runtime.snapshot import read_snapshot
from torchbook.course.texts.document import read_document
from torchbook.errors import TorchbookError

Message = dict[str, Any]
_TURN = 0.0005  # seconds that a cell computes before a picture has its turn


def hold(request: Message, send: Callable[[Message], None], heard: Iterator[Message]) -> None:
    """Runs the document in `request["document"]` with its controls and changed cells, then does what the page says.

    The page shows the frozen state, but for the parts whose ids are in `request["replaced"]`.
    """
    document = read_document(Path(request["document"]))
    frozen = read_snapshot(document).fragments
    replaced = request.get("replaced", ())
    use(_paths(request.get("answers", {})))
    inbox: queue.SimpleQueue[Message] = queue.SimpleQueue()
    speaking = threading.Lock()

    def say(message: Message) -> None:
        with speaking:
            send(message)

    stage = Stage(
        lambda news: say({"pictures": news}),
        lambda picture: inbox.put({"touched": picture}),
        page={id: fragment.state for id, fragment in frozen.items() if fragment.state and id not in replaced},
        moved=request.get("pictures", {}),
    )

    def listen() -> None:
        for message in heard:
            if "picture" in message:
                stage.hear(message)
            else:
                inbox.put(message)

    threading.Thread(target=listen, daemon=True).start()
    sys.setswitchinterval(_TURN)
    with surroundings.page():
        session = LiveSession(document, place=stage.put, wanted=stage.wanted, **request.get("controls", {}))
        for cell, source in request.get("cells", {}).items():
            session.rewrite(cell, source)
        nothing, number = Fragment(), request.get("number", 0)
        changed = [
            id
            for id, fragment in session.fragments.items()
            if not fragment.scripts and (id in replaced or fragment != frozen.get(id, nothing))
        ]
        say(_changes(session, changed, number, stage.news()))
        while True:
            messages = _merged(inbox)
            ids = _obey(session, messages)
            number = max(number, *(message.get("number", 0) for message in messages))
            say(_changes(session, ids, number, stage.news()))


def _merged(inbox: "queue.SimpleQueue[Message]") -> list[Message]:
    """All that has been said by now, with the moves of controls that follow each other as one."""
    messages = [inbox.get()]
    while not inbox.empty():
        message = inbox.get()
        if "controls" in message and "controls" in messages[-1]:
            message["controls"] = messages.pop()["controls"] | message["controls"]
        if "touched" not in message or message not in messages:
            messages.append(message)
    return messages


def _obey(session: LiveSession, messages: list[Message]) -> list[str]:
    ids: dict[str, None] = {}
    for message in messages:
        try:
            if "answers" in message:
                done = session.use_answers(_paths(message["answers"]))
            elif "controls" in message:
                done = session.move(**message["controls"])
            elif "touched" in message:
                done = session.touch(message["touched"])
            elif "source" in message:
                done = session.rewrite(message["cell"], message["source"])
            else:
                done = session.put_back(message["cell"])
        except TorchbookError:  # a page of an older version may ask for what is no longer there
            done = ()
        ids |= dict.fromkeys(done)
    return list(ids)


def _paths(answers: dict[str, str]) -> dict[str, Path]:
    return {name: Path(file) for name, file in answers.items()}


def _changes(session: LiveSession, ids: list[str], number: int, pictures: Message) -> Message:
    # What a picture shows is with the pictures; here only whether it waits.
    fragments = {id: replace(session.fragments[id], scripts=()).as_json() for id in ids}
    return {"number": number, "fragments": fragments, "pictures": pictures}
