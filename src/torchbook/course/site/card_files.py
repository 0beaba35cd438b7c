"""The script and the style of the cards, as files of the site."""

from functools import cache
from pathlib import Path

from torchbook.course import cards
from torchbook.course.site import picture_files, typefaces
from torchbook.course.site.layout import STATIC
from torchbook.storage import digest

FOLDER = Path(cards.__file__).parent
_SCRIPTS = ("python.js", "editor.js", "exercise.js", "quiz.js")


@cache
def script() -> str:
    """The module that draws the cards of a page and holds its line to the server."""
    files = [picture_files.FOLDER / "common.js", *(FOLDER / name for name in _SCRIPTS)]
    return "".join(file.read_text(encoding="utf-8") for file in (*files, STATIC / "page_cards.js"))


@cache
def style() -> str:
    """The style of the cards; the common rules of the pictures come before it."""
    return "".join(file.read_text(encoding="utf-8") for file in (FOLDER / "cards.css", STATIC / "page_cards.css"))


def styles() -> str:
    """The links of a page with cards: typefaces, pictures, and the cards."""
    addresses = (typefaces.style_address(), picture_files.style_address(), style_address())
    return "".join(f'<link rel="stylesheet" href="{address}">' for address in addresses)


@cache
def script_address() -> str:
    """The address of the module; it changes with the content."""
    return f"/static/cards.js?v={digest(script().encode())[:12]}"


@cache
def style_address() -> str:
    """The address of the style; it changes with the content."""
    return f"/static/cards.css?v={digest(style().encode())[:12]}"
