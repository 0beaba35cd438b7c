"""The last computed state of a document, which ships with it: its page is complete before anything has run.

One file of JSON beside the document, `NN_name.json`, with a line for each part: a difference shows what changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from torchbook.course.runtime.fragment import FIELDS, Fragment, from_json
from torchbook.course.texts.document import Document
from torchbook.errors import TorchbookError
from torchbook.record import read_record
from torchbook.storage import digest

LARGEST = 500_000  # bytes


@dataclass(frozen=True)
class Snapshot:
    """What the parts of a document show by their ids. `document` is the digest of the text that was run."""

    document: str
    fragments: Mapping[str, Fragment]


def file_of(document: Document) -> Path:
    """Where the snapshot of a document lies."""
    return document.file.with_suffix(".json")


def digest_of(document: Document) -> str:
    """The digest of a document's text, whatever the ends of its lines."""
    return digest("\n".join(document.source.splitlines()).encode())[:16]


def read_snapshot(document: Document) -> Snapshot:
    """The snapshot of a document.

    Raises:
        TorchbookError: there is none, or it is that of another text.
    """
    file = file_of(document)
    redo = f"run: torchbook author freeze {document.label}"
    try:
        stored = read_record(file, {"document": str, "fragments": {str: FIELDS}})
        fragments = {id: from_json(fields, file) for id, fields in stored["fragments"].items()}
        snapshot = Snapshot(stored["document"], fragments)
    except FileNotFoundError:
        raise TorchbookError(f"{document.name} has not been run for its page yet; {redo}") from None
    except TorchbookError as error:
        raise TorchbookError(f"{error}; {redo}") from None
    if snapshot.document != digest_of(document):
        raise TorchbookError(f"{document.name} has changed since it was run for its page; {redo}")
    return snapshot


def text_of(snapshot: Snapshot) -> str:
    """The text of the file.

    Raises:
        TorchbookError: it is too large to ship.
    """
    fields = {id: fragment.as_json() for id, fragment in snapshot.fragments.items()}
    lines = [f" {json.dumps(id)}: {json.dumps(each, ensure_ascii=False)}" for id, each in fields.items() if each]
    body = ",\n".join(lines)
    text = f'{{"document": {json.dumps(snapshot.document)}, "fragments": {{\n{body}\n}}}}\n'
    if (size := len(text.encode())) > LARGEST:
        parts = sorted(lines, key=len, reverse=True)
        largest = ", ".join(line.strip().partition(":")[0].strip('"') for line in parts[:3])
        raise TorchbookError(f"the snapshot has {size:,} bytes, at most {LARGEST:,} are shipped; largest are {largest}")
    return text


def differences(stored: Snapshot, fresh: Snapshot) -> list[str]:
    """The ids of the parts that show something else, compared at the digits that are shown."""
    ids = dict.fromkeys([*stored.fragments, *fresh.fragments])
    nothing = Fragment()
    return [id for id in ids if stored.fragments.get(id, nothing) != fresh.fragments.get(id, nothing)]
