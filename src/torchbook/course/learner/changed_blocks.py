"""The blocks of lessons that the learner has changed, `blocks/NN.json` of the workspace: one file a document.

A text that another page has written is never overwritten: who writes says which text it was typed over. What is put
back goes to a copy under `kept/`, and so does a file that cannot be read.
"""

import contextlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from torchbook.course.learner.workspace import Workspace, keep_copy, write
from torchbook.errors import TorchbookError
from torchbook.record import made, misfit, read_record
from torchbook.storage import digest

LONGEST = 100_000  # characters of a block
_SHAPE = {"text": str, "ran?": str | None, "original?": str}
# Reading, comparing and writing are one act, also between two pages of this process.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class ChangedBlock:
    """What the learner has typed in a block, the text that `ran` to its end last (a block that crashes is not run again
    by itself), and the digest of the document's own code, which tells when a new version has other code there."""

    text: str
    ran: str | None = None
    original: str = ""


class Conflict(Exception):
    """Another page has written the block meanwhile; `text` is what it holds now, None if it was put back."""

    def __init__(self, text: str | None):
        super().__init__(text)
        self.text = text


def digest_of(source: str) -> str:
    """Returns the digest by which the code of a document is known."""
    return digest(source.encode())[:16]


def read(workspace: Workspace, label: str) -> dict[str, ChangedBlock]:
    """Returns the changed blocks of a document by their ids; nothing of what is missing or damaged."""
    return _read(_file(workspace, label))[0]


def save(
    workspace: Workspace, label: str, cell: str, block: ChangedBlock | None, *, base: str | None, aside: bool = False
) -> None:
    """Writes what was typed in a block over the text `base`; None puts the block back. Of a text that is put back, or
    with `aside` written over, a copy is kept.

    Raises:
        Conflict: the file holds another text than `base` and than the new one.
    """
    with _ONE_AT_A_TIME:
        file = _file(workspace, label)
        blocks, damaged = _read(file)
        before = blocks.get(cell)
        now, text = before.text if before else None, block.text if block else None
        if now not in (base, text):
            raise Conflict(now)
        if before == block:
            return
        if damaged:
            keep_copy(workspace, f"{label}.blocks.json", file.read_bytes())
        if before is not None and text != before.text and (block is None or aside):
            keep_copy(workspace, f"{label}.{cell}.py", before.text.encode(errors="replace"))
        others = {each: item for each, item in blocks.items() if each != cell}
        _write(file, others if block is None else others | {cell: block})


def _file(workspace: Workspace, label: str) -> Path:
    return workspace.folder / "blocks" / f"{label}.json"


def _read(file: Path) -> tuple[dict[str, ChangedBlock], bool]:
    """The blocks, and True if the file has something that is none."""
    try:
        rows = read_record(file, {str: object})
    except FileNotFoundError:
        return {}, False
    except (TorchbookError, OSError):
        return {}, True
    blocks: dict[str, ChangedBlock] = {}
    for cell, fields in rows.items():
        with contextlib.suppress(TorchbookError):
            if not misfit(fields, _SHAPE):
                blocks[cell] = made(ChangedBlock, fields, cell)
    return blocks, len(blocks) < len(rows)


def _write(file: Path, blocks: Mapping[str, ChangedBlock]) -> None:
    rows = {cell: asdict(block) for cell, block in blocks.items()}
    write(file, json.dumps(rows, indent=1) + "\n")
