"""The learner's bookmarks: the lesson or project and the heading seen last, and the share of each that was seen.

They are kept in `places.json` of the workspace. An odd one of them is left out; a damaged file is kept and begun again.
"""

import contextlib
import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from torchbook.course.learner.workspace import Workspace, keep_copy, write
from torchbook.errors import TorchbookError
from torchbook.record import Number, made, misfit, read_record

_ONE_AT_A_TIME = threading.Lock()
_SHAPE = {
    "lesson": (Number(0, 9999, whole=True), str),
    "anchor?": str,
    "heading?": str,
    "share?": Number(0, 1),
    "at?": Number(0, 1e11),
}


@dataclass(frozen=True)
class Place:
    """A place in the lesson of a number or the project of a label: the anchor and text of a heading, the share seen so
    far (0 to 1), the time (s)."""

    lesson: int | str
    anchor: str = ""
    heading: str = ""
    share: float = 0.0
    at: float = 0.0


def places(workspace: Workspace) -> dict[int | str, Place]:
    """Returns the last place in each lesson or project that was opened, nothing if the file is missing or damaged."""
    return _read(workspace)[0]


def last(workspace: Workspace) -> Place | None:
    """Returns the place that was seen last, None if there is none."""
    return max(places(workspace).values(), key=lambda place: place.at, default=None)


def remember(
    workspace: Workspace, lesson: int | str, *, anchor: str = "", heading: str = "", share: float = 0.0
) -> None:
    """Records the learner's place in a lesson or project; the share only grows."""
    with _ONE_AT_A_TIME:
        bookmarks, odd = _read(workspace)
        if odd:
            keep_copy(workspace, "places.json", _file(workspace).read_bytes())
        before = bookmarks.get(lesson, Place(lesson))
        anchor, heading = (anchor, heading) if anchor else (before.anchor, before.heading)
        share = max(before.share, min(1.0, share))
        bookmarks[lesson] = Place(lesson, anchor[:200], heading[:200], round(share, 3), time.time())
        rows = [asdict(place) for place in bookmarks.values()]
        write(_file(workspace), json.dumps(rows, indent=1) + "\n")


def _read(workspace: Workspace) -> tuple[dict[int | str, Place], bool]:
    """The places, and True if the file has something that is none."""
    try:
        rows = read_record(_file(workspace), [object])
    except FileNotFoundError:
        return {}, False
    except (TorchbookError, OSError):
        return {}, True
    bookmarks: dict[int | str, Place] = {}
    for row in rows:
        with contextlib.suppress(TorchbookError):
            if not misfit(row, _SHAPE):
                bookmarks[row["lesson"]] = made(Place, row, "a place")
    return bookmarks, len(bookmarks) < len(rows)


def _file(workspace: Workspace) -> Path:
    return workspace.folder / "places.json"
