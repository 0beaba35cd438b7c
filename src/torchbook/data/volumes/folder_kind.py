"""What most files of a folder or zip are: images, or volumes."""

import os
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image

from torchbook.data.images.decode import ENDINGS, is_dicom, read_dicom
from torchbook.data.images.files import is_bomb
from torchbook.data.volumes.tiff import PAGES

# So many files are looked into, in a zip so many of them in a row.
_LOOKED_AT, _IN_A_ROW = 100, 10
# What is one picture each, also where several are in one series: radiographs, mammograms, teeth, photographs.
_XRAYS = ("CR", "DX", "RG", "MG", "PX", "IO", "XC", "GM", "OP")


def holds_volumes(path: Path) -> bool:
    """Tells whether among some files of a folder or zip there are slices of DICOM series or TIFF files of several
    pages, and no fewer than there are pictures. A DICOM file that is alone in its series, or an X-ray, is a picture."""
    return _are_volumes(_some_of_folder(path) if path.is_dir() else _some_of_zip(path))


def _are_volumes(files: Iterator[tuple[str, Callable[[], Any]]]) -> bool:
    forms = [_form(name, opened) for name, opened in files]
    together = Counter(forms)
    counts: Counter[str] = Counter()
    for form in forms:
        word = form if isinstance(form, str) else "volume" if together[form] > 1 else "picture"
        counts[word] += 1
    return counts["volume"] >= max(1, counts["picture"])


def _some_of_folder(path: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The names of some files, and how to open them."""
    every = (Path(folder, name) for folder, _, names in os.walk(path) for name in sorted(names))
    some = (file for file in islice(every, _LOOKED_AT) if file.is_file())
    yield from ((file.as_posix(), partial(file.open, "rb")) for file in some)


def _some_of_zip(path: Path) -> Iterator[tuple[str, Callable[[], Any]]]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        # Whoever lists its files says so.
        return
    with archive:
        files = sorted(
            (entry for entry in archive.infolist() if entry.filename and not entry.is_dir() and not is_bomb(entry)),
            key=lambda entry: entry.filename,
        )
        # From all over, for those of a class follow each other; some in a row, for so do those of a series.
        starts = range(0, len(files), max(_IN_A_ROW, len(files) * _IN_A_ROW // _LOOKED_AT))
        for entry in (entry for start in starts for entry in files[start : start + _IN_A_ROW]):
            yield entry.filename, partial(archive.open, entry)


def _form(name: str, opened: Callable[[], Any]) -> Any:
    """Tells whether a file is a "volume", a "picture" or "" (neither); of a slice, what it has in common with
    the others of its series."""
    try:
        with opened() as file:
            if is_dicom(name, file.read(132)):
                file.seek(0)
                return _series(name, file)
            if name.lower().endswith(PAGES) and getattr(Image.open(file, formats=("TIFF",)), "is_animated", False):
                return "volume"
    except Exception:
        # Whatever it is, it is no volume; the loader of images says what is wrong with it.
        return ""
    return "picture" if name.lower().endswith(ENDINGS) else ""


def _series(name: str, file: Any) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = read_dicom(file, pixels=False)
            if header.get("Modality") in _XRAYS:
                return "picture"
            return name.rpartition("/")[0], str(header.get("SeriesInstanceUID", "")), header.Rows, header.Columns
    except Exception:
        # The loader of volumes says what is wrong with it.
        return "volume"
