"""The faces of the pages, from packages that bring them: a text face, one for code and one for formulas.

Each is cut down to the letters that a course uses when it is asked for first, and kept under `TORCHBOOK_HOME`.
"""

import importlib.util
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from torchbook.home import home
from torchbook.storage import digest, write_atomically

_LATIN = "0020-007E 00A0-017F 02C6 02DC 2010-2015 2018-201E 2020-2022 2026 2030 2032 2033 2039 203A 20AC 2122 2212"
_ARROWS = "2190-2199 21A6 21D0-21D4 2200-22FF 2713 2715"
_GREEK = "0391-03C9 03D1 03D5 03F5"
_MATH = "0300-030C 20D7 2016 2061-2064 2102 210E 2113 211D 23DE 23DF 27E8 27E9 27F5-27FA"
_LETTERS = "1D400-1D467 1D49C-1D4CF 1D538-1D56B 1D6A8-1D71B 1D7CE-1D7D7"
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Face:
    """A font file of a package, and what a style sheet says of it. `letters` are ranges of Unicode."""

    family: str
    package: str
    path: str
    weight: int
    style: str
    letters: str


_TEXT, _SANS = "torchbook text", "files/SourceSansPro"
FACES = {
    "text": Face(_TEXT, "font_source_sans_pro", f"{_SANS}-Regular.ttf", 400, "normal", f"{_LATIN} {_ARROWS} {_GREEK}"),
    "text-italic": Face(_TEXT, "font_source_sans_pro", f"{_SANS}-It.ttf", 400, "italic", f"{_LATIN} {_GREEK}"),
    "text-bold": Face(_TEXT, "font_source_sans_pro", f"{_SANS}-Semibold.ttf", 600, "normal", f"{_LATIN} {_GREEK}"),
    "code": Face(
        *("torchbook code", "matplotlib", "mpl-data/fonts/ttf/DejaVuSansMono.ttf", 400, "normal"),
        f"{_LATIN} {_ARROWS} {_GREEK} 2500-257F 2580-259F",
    ),
    "math": Face(
        *("torchbook math", "ziamath", "fonts/STIXTwoMath-Regular.ttf", 400, "normal"),
        f"{_LATIN} {_ARROWS} {_GREEK} {_MATH} {_LETTERS}",
    ),
}


def address(name: str) -> str:
    """Where the site serves a face; it changes with the face, so that browsers may keep it."""
    return f"/static/faces/{name}.woff?v={_digest(name)}"


@cache
def style() -> str:
    """The style sheet that names the faces."""
    rules = (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style}; '
        f'font-display: swap; src: url("{address(name)}") format("woff"); }}'
        for name, face in FACES.items()
        if _source(face)
    )
    return "\n".join(rules)


def style_address() -> str:
    """Returns the address of the style sheet; it changes with the content."""
    return f"/static/faces.css?v={digest(style().encode())[:12]}"


def face_file(name: str) -> Path:
    """The face, cut down; the first call makes it, which takes about a second.

    Raises:
        KeyError: there is no such face.
        FileNotFoundError: its package is not installed.
    """
    face = FACES[name]
    kept = home() / "faces" / f"{name}-{_digest(name)}.woff"
    with _LOCK:
        if not kept.is_file():
            source = _source(face)
            if source is None:
                raise FileNotFoundError(f"the package {face.package} with the face {face.family} is not installed")
            # Whole or not at all: two servers may begin at once.
            write_atomically(kept, _cut(source, face.letters), sync=False)
    return kept


@cache
def _digest(name: str) -> str:
    face = FACES[name]
    source = _source(face)
    size = source.stat().st_size if source else 0
    return digest(f"{face}{size}".encode())[:12]


@cache
def _source(face: Face) -> Path | None:
    """The file in the package, which is looked for without importing it."""
    package = importlib.util.find_spec(face.package)
    if package is None or not package.submodule_search_locations:
        return None
    file = Path(package.submodule_search_locations[0]) / face.path
    return file if file.is_file() else None


def _cut(source: Path, letters: str) -> bytes:
    import io

    from fontTools import subset, ttLib

    wanted: set[int] = set()
    for part in letters.split():
        first, _, last = part.partition("-")
        wanted |= set(range(int(first, 16), int(last or first, 16) + 1))
    options = subset.Options(flavor="woff", layout_features=["*"], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    font = ttLib.TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
