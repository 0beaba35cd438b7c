"""The base of what stands on a page as a card: an anywidget drawn by the JavaScript files beside this one."""

from pathlib import Path
from typing import Any

import anywidget
import traitlets

FOLDER = Path(__file__).parent
PICTURES = FOLDER.parent / "pictures"


class Card(anywidget.AnyWidget):
    """`class Quiz(Card, scripts=("quiz.js",))` is drawn by these scripts, the last of which exports `render`.

    It looks as the pictures do. What the page asks for arrives as messages `{"do": "check", ...}` and is handed to the
    method of that name, with the rest of the message as keyword arguments; only the names in `commands` are known.
    """

    notice = traitlets.Unicode("").tag(sync=True)
    commands: tuple[str, ...] = ()

    def __init_subclass__(cls, scripts: tuple[str, ...] = (), **options: Any) -> None:
        if scripts:  # traitlets derives further classes from this one, which keep what it has
            cls._esm = _text(PICTURES / "common.js") + "".join(_text(FOLDER / name) for name in scripts)
            cls._css = _text(PICTURES / "common.css") + _text(FOLDER / "cards.css")
        super().__init_subclass__(**options)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.on_msg(self._received)

    def _received(self, _: Any, content: dict[str, Any], _buffers: Any) -> None:
        arguments = dict(content)
        command = arguments.pop("do", "")
        if command not in self.commands:
            return
        try:
            getattr(self, command)(**arguments)
        except (ValueError, OSError) as error:  # the page says it; what else happens is a bug and stays visible
            self.notice = ""
            self.notice = str(error)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
