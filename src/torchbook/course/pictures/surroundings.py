"""Where a picture is: on the page of a document, or in a program or a notebook."""

import contextlib
from collections.abc import Callable, Iterator

_on_page = False
_source: Callable[[str], str] | None = None


@contextlib.contextmanager
def page() -> Iterator[None]:
    """Says that this process is the worker of a document's page."""
    global _on_page
    _on_page = True
    try:
        yield
    finally:
        _on_page = False


def use_source(source: Callable[[str], str]) -> None:
    """Takes the function that returns the code that makes a name of the document."""
    global _source
    _source = source


def on_page() -> bool:
    """Returns True in the worker of a document's page, where what computes long has a process of its own."""
    return _on_page


def source_of(name: str) -> str:
    """Returns the code of the document that makes a name, an empty text elsewhere than on its page."""
    return _source(name) if _on_page and _source else ""
