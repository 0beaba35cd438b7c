"""Runs a document for its page: `torchbook author freeze 09`."""

import contextlib
import json
import os
from collections.abc import Iterator
from importlib import import_module

import torch

from torchbook.command_answer import Answer
from torchbook.course.runtime.fragment import Fragment, from_json
from torchbook.course.runtime.program import program
from torchbook.course.runtime.session import Session, run
from torchbook.course.runtime.snapshot import Snapshot, differences, digest_of, file_of, read_snapshot, text_of
from torchbook.course.texts.document import Document, labelled_document
from torchbook.course.workers.processes import DOCUMENTS, SOME_DOCUMENTS
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.storage import write_atomically


def freeze(number: str) -> Answer:
    """Runs the document of a lesson and stores what its parts show, where that has changed."""
    document = labelled_document(number)
    for module in (*DOCUMENTS, *SOME_DOCUMENTS):  # as in the worker of a page: no cell is slow because it imports
        import_module(module)
    fresh = fresh_state(document)
    try:
        changed = differences(read_snapshot(document), fresh)
        unchanged = not changed
    except TorchbookError:
        changed, unchanged = list(fresh.fragments), False
    file = file_of(document)
    if not unchanged:
        write_atomically(file, text_of(fresh).encode())
    size = f"{file.stat().st_size / 1000:.0f} kB"
    text = f"{file.name} is as it was, {size}" if unchanged else f"{file.name}: {len(changed)} parts written, {size}"
    return Answer({"file": str(file), "changed": changed}, text)


def fresh_state(document: Document) -> Snapshot:
    """The state of a document with its controls as they are at first, computed as on every machine.

    Raises:
        TorchbookError: it cannot be run, or a claim does not hold.
    """
    with as_anywhere():
        session = run(document)
    if broken := session.broken_claims():
        raise TorchbookError(broken[0])
    return state_of(session)


def state_of(session: Session) -> Snapshot:
    """Returns the state that a document has now, as it would be read from its file."""
    fragments = {
        id: _as_read(fragment) for id, fragment in session.fragments.items() if fragment != Fragment() or fragment.slow
    }
    return Snapshot(digest_of(session.document), fragments)


@contextlib.contextmanager
def as_anywhere() -> Iterator[None]:
    """Lets a document compute what it computes on every machine: with one thread, so that sums are the same, and
    without the data sets that somebody has downloaded here."""
    threads, before = torch.get_num_threads(), dict(os.environ)
    torch.set_num_threads(1)
    os.environ["TORCHBOOK_HOME"] = str(home() / "authoring")
    os.environ.pop("TORCHBOOK_DATA", None)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        for name in ("TORCHBOOK_HOME", "TORCHBOOK_DATA"):
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


def as_program(number: str) -> Answer:
    """The document of a lesson as a Python program."""
    document = labelled_document(number)
    return Answer({"document": document.name, "program": program(document)}, program(document))


def _as_read(fragment: Fragment) -> Fragment:
    """A fragment as it comes back from its file: what was a tuple in a picture's state is a list there."""
    return from_json(json.loads(json.dumps(fragment.as_json())))
