"""The base class of the interactive pictures: their files, a text alternative, and a key in the page's address."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

FOLDER = Path(__file__).parent


class Picture(anywidget.AnyWidget):
    """An interactive picture. `class Stepper(Picture)` is drawn by `common.js` and `stepper.js` and styled by
    `common.css` and, where there is one, `stepper.css`, after that of the picture it derives from. One in several files
    names those before its own as `parts`: `class Stepper(Picture, parts=("axes.js",))`.

    `alternative` describes the picture in words, for people who do not see it; it changes with the picture. `place`
    is the picture's key in the address of the page, which carries its state, so that a state can be linked; pictures on
    one page need different ones.
    """

    scripts: tuple[str, ...] = ()  # the files that draw it, in their order
    answers = False  # True if Python answers what the reader does; otherwise its scripts do that alone
    listener: Callable[[Any, list[bytes]], None] | None = None  # gets what is sent, on the page of a document

    alternative = traitlets.Unicode("").tag(sync=True)
    place = traitlets.Unicode("").tag(sync=True)

    def __init_subclass__(cls, parts: tuple[str, ...] = (), **options: Any) -> None:
        if "_esm" in cls.__dict__:  # traitlets derives a class of its own for each picture, with these as traits
            return super().__init_subclass__(**options)
        name = cls.__name__.lower()
        cls.scripts = ("common.js", *parts, f"{name}.js")
        cls._esm = "".join(map(_text, cls.scripts))
        names = ["common", *(each.__name__.lower() for each in reversed(cls.__mro__) if issubclass(each, Picture))]
        cls._css = "".join(_text(f"{each}.css") for each in names if (FOLDER / f"{each}.css").is_file())
        return super().__init_subclass__(**options)

    def own_traits(self) -> tuple[str, ...]:
        """Returns the names of the traits that the page has, without those of every widget."""
        every = set(anywidget.AnyWidget.class_traits())
        return tuple(name for name in self.traits(sync=True) if not name.startswith("_") and name not in every)

    def send(self, content: Any, buffers: list[bytes] | None = None) -> None:
        """Sends a custom message to the page."""
        if self.listener:
            self.listener(content, buffers or [])
        else:
            super().send(content, buffers)

    def still(self) -> str:
        """Returns the picture as it stands, for static pages: an SVG, or HTML without scripts, with its alternative.

        A picture that can be drawn in Python draws itself here; otherwise its alternative takes its place.
        """
        return f"<p>{escape(self.alternative)}</p>"


def _text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
