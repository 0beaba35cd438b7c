"""Runs a document for its page: `torchbook author freeze 09`."""

import contextlib
import json
from collections.abc import Iterator

import torch

from torchbook.command_answer import Answer
from torchbook.course.runtime.fragment import Fragment, from_json
from torchbook.course.runtime.program import program
from torchbook.course.runtime.session import Session, run
from torchbook.course.runtime.snapshot import Snapshot, differences, digest_of, file_of, read_snapshot, text_of
from torchbook.course.texts.document import Document, labelled_document
from torchbook.errors import TorchbookError
from torchbook.storage import write_atomically


def freeze(number: str) -> Answer:
    """Runs the document of a lesson and stores what its parts show, where that has changed."""
    document = labelled_document(number)
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
    """The state of a document with its controls as they are at first, computed with one thread.

    Raises:
        TorchbookError: it cannot be run, or a claim does not hold.
    """
    with one_thread():
        session = run(document)
    if broken := session.broken_claims():
        raise TorchbookError(broken[0])
    return state_of(session)


def state_of(session: Session) -> Snapshot:
    """Returns the state that a document has now, as it would be read from its file."""
    fragments = {id: _as_read(fragment) for id, fragment in session.fragments.items() if fragment != Fragment()}
    return Snapshot(digest_of(session.document), fragments)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Lets torch compute with one thread, so that sums are the same on every machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def as_program(number: str) -> Answer:
    """The document of a lesson as a Python program."""
    document = labelled_document(number)
    return Answer({"document": document.name, "program": program(document)}, program(document))


def _as_read(fragment: Fragment) -> Fragment:
    """A fragment as it comes back from its file: what was a tuple in a picture's state is a list there."""
    return from_json(json.loads(json.dumps(fragment.as_json())))
