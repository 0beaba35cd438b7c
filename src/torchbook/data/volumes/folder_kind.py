"""What most files of a folder or zip are: images, or volumes."""

import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from torchbook.data.images.decode import ENDINGS
from torchbook.data.volumes.dicom import is_dicom
from torchbook.data.volumes.tiff import PAGES

# So many files are looked into.
_LOOKED_AT = 100


def holds_volumes(path: Path) -> bool:
    """Tells whether among some files of a folder or zip there are DICOM slices or TIFF files of several pages, and no
    fewer than there are pictures.
    """
    return _are_volumes(_some_of_folder(path) if path.is_dir() else _some_of_zip(path))


def _are_volumes(files: Iterator[tuple[str, Callable[[], Any]]]) -> bool:
    counts = Counter(_form(name, opened) for name, opened in files)
    return counts["volume"] >= max(1, counts["picture"])


def _some_of_folder(path: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The names of some files, and how to open them."""
    every = (Path(folder, name) for folder, _, names in os.walk(path) for name in sorted(names))
    yield from ((file.name, partial(file.open, "rb")) for file in islice(every, _LOOKED_AT) if file.is_file())


def _some_of_zip(path: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        # Whoever lists its files says so.
        return
    with archive:
        files = [entry for entry in archive.infolist() if not entry.is_dir()]
        # Evenly spaced, for those of a class follow each other.
        for entry in files[:: max(1, len(files) // _LOOKED_AT)]:
            yield entry.filename, partial(archive.open, entry)


def _form(name: str, opened: Callable[[], Any]) -> str:
    """Tells whether a file is a "volume", a "picture" or "" (neither)."""
    try:
        with opened() as file:
            if is_dicom(name, file.read(132)):
                return "volume"
            if name.lower().endswith(PAGES) and getattr(Image.open(file, formats=("TIFF",)), "is_animated", False):
                return "volume"
    except Exception:
        # Whatever it is, it is no volume; the loader of images says what is wrong with it.
        return ""
    return "picture" if name.lower().endswith(ENDINGS) else ""
