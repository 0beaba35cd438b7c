"""The changed blocks of a page on their way to the workspace: `PUT /lessons/09-autograd/blocks`.

The page sends one block a request, `{"cell": id, "text": what is typed, "ran": what ran last, "base": what it was typed
over, "aside": bool}`, with null for a block that is as the document has it. The answer is 200, or 409 with `{"text":
text or null}`, which another page has written meanwhile.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from torchbook.course.learner import changed_blocks
from torchbook.course.learner.changed_blocks import LONGEST, ChangedBlock, Conflict
from torchbook.course.learner.workspace import Workspace
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Cell
from torchbook.errors import TorchbookError
from torchbook.record import parsed

_SHAPE = {"cell": str, "text?": str | None, "ran?": str | None, "base?": str | None, "aside?": bool}


class Blocks:
    """The endpoint. `read` gives the document of a name such as `09-autograd`, None if there is none."""

    def __init__(self, workspace: Workspace, read: Callable[[str], Document | None]):
        self.workspace, self.read = workspace, read

    async def __call__(self, request: Request) -> Response:
        """Writes one block of a document, or says that another page has."""
        document = await run_in_threadpool(self.read, request.path_params["name"])
        try:
            message = parsed(await request.body(), _SHAPE, "the request")
        except TorchbookError as error:
            return Response(f"expected an object with the id of a cell and its texts; {error}", 400)
        cell, texts = message["cell"], [message.get(key) for key in ("text", "ran", "base")]
        if document is None or cell not in (codes := sources(document)):
            return Response("there is no such block", 404)
        if any(len(text or "") > LONGEST for text in texts):
            return Response(f"expected texts of at most {LONGEST:,} characters", 400)
        text, ran, base = texts
        block = None if text is None else ChangedBlock(text, ran, changed_blocks.digest_of(codes[cell]))
        aside = message.get("aside") is True
        try:
            await run_in_threadpool(
                changed_blocks.save, self.workspace, document.label, cell, block, base=base, aside=aside
            )
        except Conflict as conflict:
            return JSONResponse({"text": conflict.text}, 409)
        return JSONResponse({})


def sources(document: Document) -> dict[str, str]:
    """Returns the code of the blocks that a reader can change, by their ids."""
    # A hidden block may have got the id of one that the reader has changed in an older version of the document.
    return {
        part.id: part.source for part in document.flat if isinstance(part, Cell) and part.kind in ("shown", "deeper")
    }


def for_page(document: Document, blocks: Mapping[str, ChangedBlock]) -> str:
    """Returns the element from which a page knows its changed blocks. One is `renewed` if the document has got other
    code there since."""
    codes = sources(document)
    rows: dict[str, Any] = {
        cell: {
            "text": block.text,
            "ran": block.ran,
            "renewed": block.original not in ("", changed_blocks.digest_of(codes[cell])),
        }
        for cell, block in blocks.items()
        if cell in codes
    }
    text = json.dumps(rows).replace("<", "\\u003c")
    return f'<script type="application/json" id="changed-blocks">{text}</script>'
