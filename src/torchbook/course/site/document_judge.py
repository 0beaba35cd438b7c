"""Judges the learner's work on a project from its page: `POST /projects/P1-engine/judge`.

The answer is `{"html": what each criterion says, "passed": bool}`, or 409 while another page has it judged.
"""

import threading
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from torchbook.course.learner.project import Review, check_project
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.document_prose import inline
from torchbook.course.texts.document import Document
from torchbook.errors import TorchbookError

_SIGNS = {"met": "✓", "not met": "✗"}


class Judge:
    """The endpoint. `read` gives the document of a name such as `P1-engine`, None if there is none."""

    def __init__(self, workspace: Workspace, read: Callable[[str], Document | None]):
        self.workspace, self.read, self._busy = workspace, read, threading.Lock()

    async def __call__(self, request: Request) -> Response:
        """Judges all of the work as `torchbook check` does, in processes that can be killed."""
        document = await run_in_threadpool(self.read, request.path_params["name"])
        if document is None or not document.is_project:
            return Response("there is no such project", 404)
        if not self._busy.acquire(blocking=False):
            return Response("a project is judged already", 409)
        try:
            review = await run_in_threadpool(check_project, self.workspace, document)
        except TorchbookError as error:
            return JSONResponse({"html": f"<p>{inline(str(error))}</p>", "passed": False})
        finally:
            self._busy.release()
        return JSONResponse({"html": judged(review), "passed": review.passed})


def judged(review: Review) -> str:
    """Returns what each criterion says of the work, and what all of them say together."""
    rows = "".join(
        f'<li class="{judgement.finding.replace(" ", "-")}">'
        f'<span class="sign">{_SIGNS.get(judgement.finding, "?")}</span>'
        f"<b>{inline(criterion.sentence)}</b> {inline(judgement.sentence)}</li>"
        for criterion, judgement in review.judgements
    )
    met, missing = review.count("met"), review.count("not met")
    person = len(review.judgements) - met - missing
    text = f"{missing} not met." if missing else "Nothing is missing: your project is done."
    if person:
        text += f" {person} for a person to judge."
    return f'<ul class="judged">{rows}</ul><p class="{"passed" if review.passed else ""}">{met} met. {text}</p>'
