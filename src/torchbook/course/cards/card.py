"""The base of a card: fields that a page shows, and commands that the page gives."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol, runtime_checkable

Html = Callable[[str], str]  # Markdown as the page shows it


@runtime_checkable
class Page(Protocol):
    """The page of a card."""

    def show(self, fields: dict[str, Any]) -> None:
        """Shows these fields, which have changed, all at once."""

    def send(self, message: dict[str, Any]) -> None:
        """Passes on what is no field: it happened once."""


class Card:
    """A card on one page. `fields` are what the page shows, as JSON can hold them.

    What the page asks for arrives as `{"do": "check", ...}` and is handed to the method of that name, with the rest of
    the message as keyword arguments; only the names in `commands` are obeyed.
    """

    commands: ClassVar[tuple[str, ...]] = ()

    def __init__(self, page: Page, html: Html) -> None:
        self.page, self.html = page, html
        self.fields: dict[str, Any] = {"notice": ""}

    def show(self, **fields: Any) -> None:
        """Changes what the page shows."""
        self.fields |= fields
        self.page.show(fields)

    def obey(self, message: dict[str, Any]) -> None:
        """Does what the page asks for; what cannot be done is said in `notice`."""
        arguments = dict(message)
        command = arguments.pop("do", "")
        if command not in self.commands:
            return
        try:
            getattr(self, command)(**arguments)
        except (ValueError, OSError) as error:  # what else happens is a bug and stays visible
            self.show(notice="")
            self.show(notice=str(error))
