"""Where the learner was: the lesson and heading seen last, and how much of each lesson was seen.

It is kept in `places.json` of the workspace. Losing it loses a bookmark, so a damaged file is begun again.
"""

import json
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from torchbook.course.learner.workspace import Workspace, write

_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Place:
    """A place in a lesson: the anchor and the words of a heading, the share of the lesson seen so far, and when."""

    lesson: int
    anchor: str = ""
    heading: str = ""
    share: float = 0.0
    at: float = 0.0


def places(workspace: Workspace) -> dict[int, Place]:
    """The last place in every lesson that was opened."""
    try:
        rows = json.loads(_file(workspace).read_text(encoding="utf-8"))
        return {row["lesson"]: Place(**row) for row in rows}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def last(workspace: Workspace) -> Place | None:
    """The place that was seen last."""
    return max(places(workspace).values(), key=lambda place: place.at, default=None)


def remember(workspace: Workspace, lesson: int, *, anchor: str = "", heading: str = "", share: float = 0.0) -> None:
    """Notes where the learner is; the share of a lesson only grows."""
    with _ONE_AT_A_TIME:
        known = places(workspace)
        before = known.get(lesson, Place(lesson))
        anchor, heading = (anchor, heading) if anchor else (before.anchor, before.heading)
        share = max(before.share, min(1.0, share))
        known[lesson] = Place(lesson, anchor[:200], heading[:200], round(share, 3), time.time())
        rows = [asdict(place) for place in known.values()]
        write(_file(workspace), json.dumps(rows, indent=1) + "\n")


def _file(workspace: Workspace) -> Path:
    return workspace.folder / "places.json"
