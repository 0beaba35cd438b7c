"""A `Boundary` in a program or in Jupyter: what it asks is done in the process that has it."""

import threading
import time
from collections.abc import Callable
from typing import Any

from torch import nn

from torchbook.course.pictures.boundary_work import FRAMES, Work


class Here:
    """The same as `boundary_elsewhere.Elsewhere`, but an answer is shown before `ask` returns.

    `make` gives a module of the learner's own. One that does not fit raises what it raises when training begins; later
    errors are said in the picture.
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
        """Does what is asked."""
        with self.lock:
            self.show(self.work.do(request) if request["do"] == "begin" else self.work.done(request))

    def wake(self) -> None:
        """Plays until it is paused."""
        self.turn += 1
        threading.Thread(target=self._play, args=(self.turn,), daemon=True).start()

    def close(self) -> None:
        """Plays no more."""
        self.turn += 1

    def _play(self, turn: int) -> None:
        while turn == self.turn and (steps := self.pace()):
            began = time.monotonic()
            self.ask({"do": "advance", "steps": steps})
            taken = time.monotonic() - began
            time.sleep(max(1 / FRAMES - taken, taken))
