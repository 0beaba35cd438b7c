"""A page that is made before somebody asks for one: what all pages import, read and compile is there by then."""

from pathlib import Path

from torchbook.course.learner.workspace import Workspace
from torchbook.course.site import document_page
from torchbook.course.site.lesson_status import lesson_statuses, next_lesson
from torchbook.course.texts.document import documents
from torchbook.errors import TorchbookError


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
