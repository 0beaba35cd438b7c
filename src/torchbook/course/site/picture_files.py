"""The scripts and the style of the pictures, as files of the site: one script for each kind, one style for all."""

from functools import cache
from pathlib import Path

from torchbook.storage import digest

# Found without importing a picture, which would bring torch into the server.
FOLDER = Path(__file__).parents[1] / "pictures"


@cache
def address(scripts: tuple[str, ...]) -> str:
    """The address of the module that draws a picture, made of these files."""
    return f"/static/pictures/{'+'.join(scripts)}?v={digest(script(scripts).encode())[:12]}"


@cache
def style_address() -> str:
    """The address of the style of all pictures."""
    return f"/static/pictures/all.css?v={digest(style().encode())[:12]}"


@cache
def script(scripts: tuple[str, ...]) -> str:
    """The module of a picture.

    Raises:
        KeyError: one of the files is none of the pictures'.
    """
    known = {file.name: file for file in FOLDER.glob("*.js")}
    return "".join(known[name].read_text(encoding="utf-8") for name in scripts)


@cache
def style() -> str:
    """The style of all pictures, the common rules first."""
    files = sorted(FOLDER.glob("*.css"), key=lambda file: (file.name != "common.css", file.name))
    return "".join(file.read_text(encoding="utf-8") for file in files)
