"""`torchbook learn` and `torchbook lab`."""

import os
from pathlib import Path

from torchbook.cli import Answer
from torchbook.course import workspace as workspaces
from torchbook.course.site.app import LESSONS, build
from torchbook.course.workspace import Workspace


def learn(*, port: int = 8008, no_browser: bool = False) -> Answer:
    """Open the course in the browser.

    Args:
        port: where the site listens.
        no_browser: only say the address.
    """
    workspace = workspaces.find() or workspaces.make(workspaces.usual_folder())[0]
    serve(workspace, port=port)
    return Answer({}, "")


def serve(workspace: Workspace, *, port: int, lessons: Path = LESSONS) -> None:
    """Serves the site until it is stopped."""
    import uvicorn

    os.environ["TORCHBOOK_WORKSPACE"] = str(workspace.folder)
    uvicorn.run(build(workspace, port=port, lessons=lessons), host="127.0.0.1", port=port, log_level="warning")
