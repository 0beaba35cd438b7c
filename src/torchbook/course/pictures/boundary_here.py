"""The training of a `Boundary` in a program or in Jupyter: in the same process."""

import threading
import time
from collections.abc import Callable
from typing import Any

from torch import nn

from torchbook.course.pictures.boundary_work import FRAMES, Work


class InProcess:
    """The same as `boundary_elsewhere.InWorker`, but an answer is shown before `ask` returns.

    `make` returns the learner's own module. One that does not fit raises its error when training begins; later
    errors are shown in the picture.
    """

    def __init__(
        self,
        show: Callable[[dict[str, Any]], None],
        pace: Callable[[], int],
        *,
        make: Callable[[], nn.Module] | None = None,
    ) -> None:
        self.show, self.pace = show, pace
        self.work = Work(make)
        self.lock = threading.RLock()
        self.turn = 0

    def ask(self, request: dict[str, Any]) -> None:
        """Does a request and shows the answer."""
        with self.lock:
            self.show(self.work.do(request) if request["do"] == "begin" else self.work.do_or_explain(request))

    def wake(self) -> None:
        """Plays until it is paused."""
        self.turn += 1
        threading.Thread(target=self._play, args=(self.turn,), daemon=True).start()

    def close(self) -> None:
        """Stops playing."""
        self.turn += 1

    def _play(self, turn: int) -> None:
        while turn == self.turn and (steps := self.pace()):
            began = time.monotonic()
            self.ask({"do": "advance", "steps": steps})
            duration = time.monotonic() - began
            time.sleep(max(1 / FRAMES - duration, duration))
