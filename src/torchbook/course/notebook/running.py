"""Training on the page of a lesson: a function of the lesson's file runs in a worker and its reports come back.

`live(train_it, epochs=8)` reads like the loop it is. Opened in a browser the function runs in a process of its own, so
that the page answers meanwhile and a stop button can end it; as a program it runs where it is called.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import traitlets

from torchbook.course.notebook import page
from torchbook.course.notebook.border import packed, unpacked
from torchbook.course.notebook.card import Card
from torchbook.course.notebook.elsewhere import PERFORM, checked
from torchbook.course.workers.conversation import Conversation, begin

OFTEN = 0.1  # seconds between two pictures of a training


def live(function: Callable[..., Iterator[dict[str, Any]]], /, **arguments: Any) -> Any:
    """Runs a generator function of the lesson's file and shows its reports as they come.

    `function` stands at the top level of the lesson (marimo writes it as `@app.function`) and yields dicts of numbers,
    text, lists and tensors; the key `progress` (0 to 1), if there is one, moves a bar. `arguments` are of such kinds.
    The result has `.reports`, the dicts so far, and `.finished`. In a browser, cells that use the result run again when
    the function is finished; when the cell with `live` runs again, because one of its arguments changed, a worker that
    is still busy is stopped.

    Raises:
        TorchbookError: an argument or a report is of a kind that cannot go to another process.
    """
    content = packed(arguments, "the arguments")
    lesson = page.lesson_file() if page.opened() else None
    if lesson is None:
        return Run(function, unpacked(content))
    import marimo

    card = LiveCard(
        function.__name__,
        begin({"call": PERFORM, "lesson": str(lesson), "function": function.__name__, "arguments": content}),
    )
    marimo.Thread(target=card.follow, daemon=True).start()
    return marimo.ui.anywidget(card)


class Run:
    """A function that ran in place, to its end."""

    def __init__(self, function: Callable[..., Iterator[dict[str, Any]]], arguments: dict[str, Any]) -> None:
        self.name = function.__name__
        self.reports: list[dict[str, Any]] = []
        began = time.perf_counter()
        for number, report in enumerate(function(**arguments), 1):
            self.reports.append(unpacked(packed(checked(report), f"report {number} of {self.name}")))
        self.seconds = time.perf_counter() - began
        self.finished = True

    @property
    def value(self) -> dict[str, Any]:
        """What the page would know of it."""
        return {"status": "finished", "count": len(self.reports)}

    def _repr_markdown_(self) -> str:
        rows = [f"| {key} | {said} |" for key, said in latest(self.reports[-1:]).items()]
        table = "\n".join(["| | at the end |", "|---|---|", *rows]) if rows else ""
        return f"`{self.name}` gave {len(self.reports)} reports.\n\n{table}".strip()


class LiveCard(Card, scripts=("live.js",)):
    """A function that runs in a worker. `reports` grows in Python; the page sees the latest numbers."""

    name = traitlets.Unicode().tag(sync=True)
    status = traitlets.Unicode("running").tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    seconds = traitlets.Float(0.0).tag(sync=True)
    progress = traitlets.Float(-1.0).tag(sync=True)
    latest = traitlets.Dict().tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    printed = traitlets.Unicode("").tag(sync=True)
    # The page sends back how it ended; that is a change which makes the cells that use this run again.
    heard = traitlets.Unicode("").tag(sync=True)

    def obey(self, message: dict[str, Any]) -> None:
        """Does what the page asks for."""
        if message.get("do") == "stop":
            self.stop()

    def __init__(self, name: str, conversation: Conversation) -> None:
        self.conversation, self.stopped = conversation, False
        self.closing = page.closing()
        self.reports: list[dict[str, Any]] = []
        self.finished = False
        super().__init__(name=name)

    def stop(self) -> None:
        """Ends the worker; the reports so far stay."""
        self.stopped = True
        self.conversation.end()

    def follow(self) -> None:
        """Takes what the worker sends, until it ends or nobody needs it any more."""
        began, shown, printed = time.perf_counter(), 0.0, ""
        status, message = "", ""
        try:
            for said in self.conversation.messages(every=OFTEN):
                if self.closing():
                    return
                if said and "report" in said:
                    self.reports.append(unpacked(said["report"]))
                elif said and "printed" in said:
                    printed += said["printed"]
                elif said and "failed" in said:
                    status, message = "failed", said["failed"]
                elif said and "finished" in said:
                    status = "finished"
                elif said and "exit" in said:
                    break
                now = time.perf_counter()
                if now - shown >= OFTEN:
                    shown = now
                    self._show(now - began, printed)
            if self.stopped:
                status, message = "stopped", ""
            elif not status:
                status, message = "failed", "its process ended before it was done, perhaps for want of memory"
            self.finished = status == "finished"
            with self.hold_sync():
                self._show(time.perf_counter() - began, printed)
                self.status, self.message = status, message
        finally:
            self.conversation.end()

    def _show(self, seconds: float, printed: str) -> None:
        with self.hold_sync():
            self.count, self.seconds, self.printed = len(self.reports), seconds, printed
            self.latest = latest(self.reports[-1:])
            if self.reports and "progress" in self.reports[-1]:
                self.progress = float(self.reports[-1]["progress"])


def latest(reports: list[dict[str, Any]]) -> dict[str, str]:
    """The numbers and words of the last report, as a person reads them."""
    said = {}
    for key, value in (reports[-1] if reports else {}).items():
        if key != "progress" and isinstance(value, bool | int | float | str):
            said[key] = f"{value:.4g}" if isinstance(value, float) else str(value)
    return said
