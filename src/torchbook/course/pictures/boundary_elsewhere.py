"""The training of a `Boundary` on an open page: in a worker process of its own, which ends with the page."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from torchbook.course.grading.earlier_answers import passed
from torchbook.course.pictures.boundary_work import FRAMES
from torchbook.course.workers.conversation import Conversation, begin

CALL = "torchbook.course.pictures.boundary_work:serve"
START = 120.0  # seconds that a process may take to import what the lesson imports
PATIENCE = 10.0  # seconds to wait for an answer; the answers of a small network take milliseconds


class InWorker:
    """A conversation with one worker. `show` is called with each answer; `pace` returns the steps to the next frame.

    Requests are those of `boundary_work.Work`; `ask` does not wait. A worker that has ended, for whatever reason,
    is replaced at the next request by another one, which begins again. With `source` and `function` the module is made
    by the function of that name in that code, which may build on the answers that have passed.
    """

    def __init__(
        self,
        show: Callable[[dict[str, Any]], None],
        pace: Callable[[], int],
        *,
        source: str = "",
        function: str = "",
    ) -> None:
        self.show, self.pace = show, pace
        answers = {name: str(file) for name, file in passed().items()}
        self.request = {"call": CALL, "source": source, "function": function, "answers": answers}
        self.requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.beginning: dict[str, Any] = {}
        self.conversation: Conversation | None = None
        self.closed = False
        # It only waits, here and for answers, and ends with the page.
        threading.Thread(target=self._serve, daemon=True).start()

    def ask(self, request: dict[str, Any]) -> None:
        """Queues a request. One that begins again drops those before it."""
        if request["do"] == "begin":
            with suppress(queue.Empty):
                while True:
                    self.requests.get_nowait()
        self.requests.put(request)

    def wake(self) -> None:
        """Makes the thread ask for the pace at once."""
        self.requests.put({})

    def close(self) -> None:
        """Ends the worker, whatever it does."""
        self.closed = True
        self.wake()

    def _serve(self) -> None:
        due = 0.0
        try:
            while not self.closed:
                steps = self.pace()
                with suppress(queue.Empty):
                    if request := self.requests.get(timeout=max(0.0, due - time.monotonic()) if steps else 0.5):
                        self._do(request)
                    continue
                if steps:
                    began = time.monotonic()
                    self._do({"do": "advance", "steps": steps})
                    due = max(began + 1 / FRAMES, 2 * time.monotonic() - began)
        finally:
            self._end()

    def _do(self, request: dict[str, Any]) -> None:
        if request["do"] in ("begin", "points"):
            self.beginning |= request | {"do": "begin"}
        fresh = self.conversation is None
        if fresh and not self._start():
            return
        if fresh or request["do"] == "begin":
            if not self._answer(self.beginning):
                self._end()
                return
            if request["do"] in ("begin", "points"):
                return
        self._answer(request)

    def _start(self) -> bool:
        self.conversation = begin(self.request)
        self.messages = self.conversation.messages(every=0.1)
        return self._report(START) is not None

    def _answer(self, request: dict[str, Any]) -> bool:
        """Sends a request and shows the answer; returns True if the request was done."""
        assert self.conversation
        self.conversation.say(request)
        answer = self._report(PATIENCE)
        if answer is not None:
            self.show({"message": "", **answer})
        return answer is not None and "frame" in answer

    def _report(self, seconds: float) -> dict[str, Any] | None:
        """Returns the worker's next report; without one ends the conversation, and the picture says why."""
        end = time.monotonic() + seconds
        reason = f"there was no answer within {seconds:.0f} seconds, as if the module had a loop that never ends"
        for message in self._messages_until(end):
            if "failed" not in message and "exit" not in message:
                return message
            reason = message.get("failed", "it died, perhaps for want of memory")
            break
        self._end()
        if not self.closed:
            self.show({"message": f"The process that trains was ended: {reason}.", "playing": False})
        return None

    def _messages_until(self, end: float) -> Iterator[dict[str, Any]]:
        for message in self.messages:
            if self.closed or time.monotonic() > end:
                return
            if message is not None:
                yield message

    def _end(self) -> None:
        if self.conversation:
            self.conversation.end()
        self.conversation = None
