"""What ends a training from outside: Ctrl-C, a closed terminal (SIGHUP), the end of a session (SIGTERM)."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

# Windows has no SIGHUP.
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def interrupt(number: int, frame: FrameType | None) -> None:
    """Answers a signal as Python answers Ctrl-C."""
    raise KeyboardInterrupt


@contextmanager
def as_ctrl_c() -> Iterator[None]:
    """Inside it SIGTERM and SIGHUP are answered as Ctrl-C is, where nobody else answers or ignores them."""
    with _answered({number: interrupt for number in SIGNALS if signal.getsignal(number) is signal.SIG_DFL}):
        yield


@contextmanager
def finishing_the_step(ask: Callable[[], None], body: FrameType) -> Iterator[None]:
    """Calls `ask` at the first of the signals, and lets the step end, so that a checkpoint can be written; the next one
    stops at once. `body` is the frame of the loop over the reports: once it is left, by an error whose traceback keeps
    everything alive, say, a signal does what it did before."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    # What others answer or ignore stays theirs; Ctrl-C is ours wherever it is answered at all.
    ours = {
        number: handler if callable(handler) else interrupt
        for number, handler in before.items()
        if (callable(handler) if number == signal.SIGINT else handler in (signal.SIG_DFL, interrupt))
    }

    def answer(number: int, frame: FrameType | None) -> None:
        for other in ours:
            signal.signal(other, before[other])
        running = frame
        while running is not None and running is not body:
            running = running.f_back
        if running is None:
            ours[number](number, frame)
        ask()

    with _answered(dict.fromkeys(ours, answer)):
        yield


@contextmanager
def _answered(handlers: dict[int, Any]) -> Iterator[None]:
    """Sets handlers, and puts back those that were there, but for one that somebody else has set meanwhile."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, before[number])
