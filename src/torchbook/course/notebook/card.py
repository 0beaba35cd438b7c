"""A card on a page of marimo: an anywidget around it, drawn by the JavaScript files of the cards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from torchbook.course import cards
from torchbook.course.cards.card import Card as PageCard
from torchbook.course.cards.card import Page

FOLDER = Path(__file__).parent
CARDS = Path(cards.__file__).parent
PICTURES = FOLDER.parent / "pictures"


class Card(anywidget.AnyWidget):
    """`class QuizCard(Card, scripts=("quiz.js",))` is drawn by these scripts, the last of which exports `render`.

    It looks as the pictures do. `wrap` gives it the card that it shows: its fields are the traits of the same names,
    and what the page asks for goes to it.
    """

    notice = traitlets.Unicode("").tag(sync=True)
    card: PageCard

    def __init_subclass__(cls, scripts: tuple[str, ...] = (), **options: Any) -> None:
        if scripts:  # traitlets derives further classes from this one, which keep what it has
            cls._esm = _text(PICTURES / "common.js") + "".join(map(_script, scripts))
            cls._css = _text(PICTURES / "common.css") + _text(CARDS / "cards.css")
        super().__init_subclass__(**options)

    def wrap(self, made: Callable[[Page], PageCard]) -> None:
        """Takes the card that is made for this page, and obeys what the page says from now on."""
        self.card = made(self)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._received)

    def _received(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        self.obey(content)

    def obey(self, message: dict[str, Any]) -> None:
        """Does what the page asks for."""
        self.card.obey(message)

    def show(self, fields: dict[str, Any]) -> None:
        """Shows fields of the card, all at once."""
        with self.hold_sync():
            for name, value in fields.items():
                setattr(self, name, value)


def _script(name: str) -> str:
    file = FOLDER / name
    return _text(file if file.is_file() else CARDS / name)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
