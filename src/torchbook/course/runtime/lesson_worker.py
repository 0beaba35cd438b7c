"""The worker of an open page: it holds the names of a lesson in a process of its own, which can be killed.

The page says `{"controls": {"x": 1.0}}`, `{"cell": id, "source": text}` and `{"cell": id}`, which puts it back, and the
server `{"answers": {"inner_ring": file}}`, those of the learner's answers that have passed. The worker answers with the
fragments that have changed, as they come, and with the number of the last message that they are for once all of them
are there. What is slow and was not asked for runs when nobody has said anything for a while. What the page says of a
picture, `{"picture": id}`, is answered beside that, whatever the cells do. While a cell takes its time the page hears
of it, `{"running": id, "printed": text}`.
"""

import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from torchbook.course.grading.earlier_answers import use
from torchbook.course.pictures import surroundings
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.picture_stage import Stage
from torchbook.course.runtime.printed import Printed
from torchbook.course.runtime.snapshot import read_snapshot
from torchbook.course.texts.document import read_document
from torchbook.errors import TorchbookError

Message = dict[str, Any]
_SOON = 0.05  # seconds that something computes before the page has what there is of it
_WHILE = 1.0  # seconds of silence before what is slow runs ahead of its reader
_LOOK = 0.1  # seconds between two looks at a cell that runs
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
        sent = 0.0

        def tell(number: int | None = None) -> None:
            nonlocal sent
            with speaking:
                news = _changes(session, page, stage.news())
                if number is not None:
                    news["number"] = number
                    marked.clear()
                if number is not None or news["fragments"] or news["pictures"]:
                    send(news)
            sent = time.monotonic()

        def tell_soon() -> None:
            if time.monotonic() - sent > _SOON:
                tell()

        session = LiveSession(document, place=stage.put, wanted=stage.wanted, ran=tell_soon, at_once=False)
        page: dict[str, Fragment | None] = {id: _on_page(fragment) for id, fragment in frozen.items()}
        page |= dict.fromkeys(replaced)
        messages = [{"controls": request.get("controls", {}), "number": request.get("number", 0)}]
        cells = request.get("cells", {})
        number = 0
        # Pictures are there before a long cell can be in their way.
        soon = [id for id, fragment in frozen.items() if fragment.scripts]
        slow = [id for id, fragment in frozen.items() if fragment.slow]
        computes, marked = threading.Event(), set[str]()
        threading.Thread(target=_watch, args=(session, page, computes, marked, speaking, send), daemon=True).start()
        try:
            computes.set()
            session.adopt(cells)
            while not cells and not messages[0]["controls"] and inbox.empty() and session.proceed(soon, slow):
                if session.has_run(soon):
                    break
            while True:
                computes.set()
                sent = time.monotonic()
                number = max(number, *(message.get("number", 0) for message in messages))
                _obey(session, messages)
                session.run_now([*replaced, *cells])
                tell(number)
                silence, messages = False, _merged(inbox, 0.0)
                while not messages:
                    if session.proceed(soon, () if silence else slow):
                        tell(number if marked else None)
                        messages = _merged(inbox, 0.0)
                    else:
                        computes.clear()
                        silence, messages = True, _merged(inbox, None if silence else _WHILE)
                        computes.set()
        finally:
            computes.clear()


def _watch(
    session: LiveSession,
    page: dict[str, Fragment | None],
    computes: threading.Event,
    marked: set[str],
    speaking: threading.Lock,
    send: Callable[[Message], None],
) -> None:
    """Says which cell takes its time and what it has printed by now, as long as something computes. The cells of which
    the page has heard so are in `marked`."""
    cell: tuple[str, Printed] | None = None
    text: str | None = None
    while computes.wait():
        time.sleep(_LOOK)
        with speaking:
            before, cell = cell, session.running
            if cell is None or cell is not before:
                text = None  # it has just begun
            elif text != (text := cell[1].text):
                if text:
                    page[cell[0]] = None  # it shows no longer what it did
                marked.add(cell[0])
                send({"running": cell[0], "printed": text})


def _merged(inbox: "queue.SimpleQueue[Message]", seconds: float | None = None) -> list[Message]:
    """Waits until something has been said, at most some `seconds`, and returns all that has been said by now, with the
    moves of controls that follow each other as one."""
    try:
        messages = [inbox.get(timeout=seconds)]
    except queue.Empty:
        return []
    while not inbox.empty():
        message = inbox.get()
        if "controls" in message and "controls" in messages[-1]:
            message["controls"] = messages.pop()["controls"] | message["controls"]
        if "touched" not in message or message not in messages:
            messages.append(message)
    return messages


def _obey(session: LiveSession, messages: list[Message]) -> None:
    for message in messages:
        with suppress(TorchbookError):  # a page of an older version may ask for what is no longer there
            if "answers" in message:
                session.use_answers(_paths(message["answers"]))
            elif "controls" in message:
                session.move(**message["controls"])
            elif "touched" in message:
                session.touch(message["touched"])
            elif "source" in message:
                session.rewrite(message["cell"], message["source"])
            else:
                session.put_back(message["cell"])


def _paths(answers: dict[str, str]) -> dict[str, Path]:
    return {name: Path(file) for name, file in answers.items()}


def _on_page(fragment: Fragment) -> Fragment:
    """What is said of a part with the fragments: of a picture only whether it waits, the rest is with the pictures."""
    return Fragment(waits=fragment.waits) if fragment.scripts else fragment


def _changes(session: LiveSession, page: dict[str, Fragment | None], pictures: Message) -> Message:
    """What the page does not show yet."""
    now = {id: _on_page(fragment) for id, fragment in session.fragments.items()}
    new = {id: fragment for id, fragment in now.items() if fragment != page.get(id, Fragment())}
    page |= new
    return {"fragments": {id: each.as_json() for id, each in new.items()}, "pictures": pictures}
