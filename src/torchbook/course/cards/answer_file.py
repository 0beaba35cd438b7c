"""The file of an answer as one page sees it: saved from here, changed elsewhere, and neither ever lost."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from torchbook.course.grading.answer_text import same, stamp_of, text_in, text_of
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import workspace
from torchbook.course.learner.workspace import Workspace
from torchbook.storage import replace_unchanged

# Reading, comparing and writing are one act, also between two pages of this process.
_one_at_a_time = threading.RLock()


@dataclass(frozen=True)
class Saved:
    """What is in the file after saving, and where the text went if another editor had been faster.

    `original` is a copy of the file as it was, if it was not UTF-8: what was typed over has lost some of its letters.
    """

    text: str
    kept: Path | None = None
    original: Path | None = None


class AnswerFile:
    """Saves what is typed on a page and notices what is written elsewhere. `known` is the text last read or written."""

    def __init__(self, own: Workspace, exercise: Exercise) -> None:
        self.own, self.exercise = own, exercise
        if not own.answer(exercise).exists():
            workspace.update(own)
        self.path = own.answer(exercise)
        self.known = text_of(self.path)
        self._stamp = self._unsettled = stamp_of(self.path)

    def save(self, text: str, *, base: str) -> Saved:
        """Writes `text`, which was typed over the text `base`.

        If the file holds something else than `base`, another editor has saved it in the meantime: then the file stays
        as it is and what was typed goes to a copy of its own.
        """
        with _one_at_a_time:
            content = self.path.read_bytes() if self.path.exists() else None
            now = text_in(content) if content is not None else None
            kept = original = None
            if now is None or same(now, base):
                if now != text:
                    if content is not None and not _is_utf8(content):
                        original = workspace.put_aside(self.own, self.exercise, content)
                    other = self._written(text, content)
                    if other is not None:  # saved in this very moment
                        kept = workspace.put_aside(self.own, self.exercise, text.encode())
                        text = text_in(other)
                now = text
            elif not same(now, text):
                kept = workspace.put_aside(self.own, self.exercise, text.encode())
            self._seen(now)
            return Saved(now, kept, original)

    def reset(self, begin_again: Callable[[], Path | None]) -> Path | None:
        """Calls `begin_again`, which puts the starter in place, and takes note of it."""
        with _one_at_a_time:
            copy = begin_again()
            self._seen(text_of(self.path))
            return copy

    def changed(self) -> str | None:
        """The text that another editor has saved since the last look, None if there is nothing new.

        An editor may still be writing: the file must be the same at two looks.
        """
        with _one_at_a_time:
            stamp = stamp_of(self.path)
            if stamp is None or stamp == self._stamp:
                return None
            if stamp != self._unsettled:
                self._unsettled = stamp
                return None
            before, text = self.known, text_of(self.path)
            self._seen(text)
            return text if text != before else None

    def _written(self, text: str, before: bytes | None) -> bytes | None:
        """Writes the text over the content of before; returns what another program has saved in its place, if so."""
        if before is not None:
            return replace_unchanged(self.path, text.encode(), before)
        return None if workspace.write(self.path, text, replace=False) else self.path.read_bytes()

    def _seen(self, text: str) -> None:
        self.known = text
        self._stamp = self._unsettled = stamp_of(self.path)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
