"""`Timings`: how long an example waits and how long it is computed with, measured on the machine of the reader."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import traitlets

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, text_element

Bar = tuple[str, float, float]


class Timings(Picture):
    """A button that calls `measure`, and bars of what it yields: a name, and the microseconds of waiting and of
    computing for an example. They belong to one machine and moment, and are not stored.

        Timings(measured, place="clocks")
    """

    answers = True
    bars: Any = traitlets.List().tag(sync=True)

    def __init__(self, measure: Callable[[], Iterable[Bar]], *, place: str = ""):
        super().__init__(place=place)
        self._measure = measure
        self.measuring: threading.Thread | None = None
        self.on_msg(self._hear)
        self._describe()

    @traitlets.observe("bars")
    def _describe(self, _: Any = None) -> None:
        measured = (f"{name}: {wait:.3g} µs of waiting, {work:.3g} of computing." for name, wait, work in self.bars)
        self.alternative = " ".join(measured) or "Nothing has been measured on this machine yet."

    def _hear(self, _: Any, content: Any, buffers: Any) -> None:
        """Measures in a thread of its own, so that the picture answers meanwhile; one at a time."""
        if self.measuring and self.measuring.is_alive():
            return
        self.measuring = threading.Thread(target=self._fill, daemon=True)
        self.measuring.start()

    def _fill(self) -> None:
        try:
            self.bars = [list(bar) for bar in self._measure()]
        finally:
            self.send({"measured": len(self.bars)})

    def still(self) -> str:
        """Writes what it says; what was measured is never kept."""
        return drawing(680, 26, self.alternative, text_element(self.alternative, 0, 17))
