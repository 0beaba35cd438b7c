"""The files in a folder or a zip, with names and links that are not to be trusted."""

import os
import re
import stat
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from torchbook.errors import TorchbookError

# What operating systems leave behind, and names that begin with a dot.
_HIDDEN = re.compile(r"(^|[/\\])(\.|thumbs\.db$|desktop\.ini$|__macosx([/\\]|$))", re.IGNORECASE)
# A zip entry is held to be a bomb when it is this large and this many times larger than its compressed form, or huge.
_LARGE, _RATIO, _HUGE = 64 << 20, 200, 1 << 30


class File(NamedTuple):
    """A file by its name relative to the folder or zip; `size` in bytes, `changed` in nanoseconds."""

    name: str
    size: int
    changed: int


@dataclass
class Listing:
    """The files that may be of use, sorted by name, and the names of those left out, by the reason."""

    files: list[File] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, reason: str, name: str) -> None:
        self.left_out.setdefault(reason, []).append(name)


def listing(path: Path) -> Listing:
    """The files under a folder or in a zip.

    Raises:
        TorchbookError: a name or link leads out of the folder, or the zip is damaged.
    """
    listed = _in_folder(path) if path.is_dir() else _in_zip(path)
    files, listed.files = sorted(listed.files, key=lambda file: file.name), []
    for file in files:
        if _HIDDEN.search(file.name):
            listed.leave_out("hidden", file.name)
        else:
            listed.files.append(file)
    return listed


def parts(name: str) -> list[str]:
    """The folders of a name and the file's own name; zips made on Windows may have `\\` between them."""
    return name.replace("\\", "/").split("/")


def _in_folder(path: Path) -> Listing:
    listed = Listing()
    root = os.path.realpath(path)
    folders = [""]
    while folders:
        prefix = folders.pop()
        try:
            with os.scandir(Path(root, prefix)) as scan:
                entries = list(scan)
        except PermissionError:
            if not prefix:
                raise
            listed.leave_out("unreadable", prefix)
            continue
        for entry in entries:
            name = prefix + entry.name
            if entry.is_symlink():
                _refuse_outside(root, entry.path)
                # It leads to what is found under its own name: following it would count a picture twice.
                listed.leave_out("link", name)
            elif entry.is_dir():
                folders.append(name + "/")
            elif entry.is_file():
                about = entry.stat()
                listed.files.append(File(name, about.st_size, about.st_mtime_ns))
            else:
                listed.leave_out("no file", name)
    return listed


def _refuse_outside(root: str, link: str) -> None:
    target = os.path.realpath(link)
    if not Path(target).is_relative_to(root):
        raise TorchbookError(f"{link}: the link leads out of the folder, to {target}; put a copy in its place")


def _in_zip(path: Path) -> Listing:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise TorchbookError(f"{path}: the zip is damaged ({error}); download or make it again") from None
    listed = Listing()
    # Of entries of the same name only the last can be read.
    files: dict[str, File] = {}
    for entry in entries:
        _refuse_unsafe(path, entry)
        if not entry.filename:
            listed.leave_out("no file", "an entry without a name")
            continue
        if entry.is_dir():
            continue
        if is_bomb(entry):
            listed.leave_out("bomb", entry.filename)
            continue
        if entry.filename in files:
            listed.leave_out("repeated", entry.filename)
        files[entry.filename] = File(entry.filename, entry.file_size, 0)
    listed.files += files.values()
    return listed


def _refuse_unsafe(path: Path, entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith(("/", "\\")) or re.match("[A-Za-z]:", name) or ".." in parts(name):
        raise TorchbookError(f"{path}: the name {name!r} leads out of the folder; do not trust this zip")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise TorchbookError(f"{path}: {name!r} is a link; make the zip again with the pictures themselves")


def is_bomb(entry: zipfile.ZipInfo) -> bool:
    """Returns True if an entry would unpack to far more than a picture."""
    return entry.file_size > _HUGE or entry.file_size > max(_LARGE, _RATIO * entry.compress_size)
