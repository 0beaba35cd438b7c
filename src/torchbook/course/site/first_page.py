"""Pages that are made before somebody asks for them: what they import, read, compile and render is there by then."""

import time
from pathlib import Path

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import document_page
from torchbook.course.site.lesson_status import lesson_statuses, next_lesson
from torchbook.course.texts.document import documents
from torchbook.errors import TorchbookError

_BEFORE = 1.0  # seconds after the start that belong to whoever is there first


def make_first_page(workspace: Workspace, lessons: Path | None = None) -> str:
    """Returns the page of the lesson that comes next, "" if there is none or something is wrong with it, which the page
    itself says to whoever asks for it."""
    try:
        road = lesson_statuses(workspace, documents() | (documents(lessons) if lessons else {}))
        first = next_lesson(road)
        if first is None or first.file is None:
            return ""
        return document_page.whole(*document_page.read_stored(first.file), workspace, road)
    except TorchbookError:
        return ""


def make_all_pages(workspace: Workspace, lessons: Path | None = None, *, before: float = _BEFORE) -> int:
    """Makes the page of each lesson once, `before` seconds from now, and returns how many there are; one with which
    something is wrong is passed over. It rests as long as it works, so that pages which are asked for come soon.
    """
    time.sleep(before)
    made = 0
    files = documents() | (documents(lessons) if lessons else {})
    for file in files.values():
        began = time.monotonic()
        try:
            road = lesson_statuses(workspace, files)
            document_page.whole(*document_page.read_stored(file), workspace, road)
            made += 1
        except (TorchbookError, OSError):
            pass
        time.sleep(before and time.monotonic() - began)
    return made
