"""The files in a folder or a zip: their names, sizes and times, with names and links that are not to be trusted."""

import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from torchbook.errors import TorchbookError

# A zip entry is held to be a bomb when it is large and this many times larger than its compressed form.
_BOMB_SIZE, _BOMB_RATIO = 64 << 20, 200
_LARGEST = 1 << 30
# What operating systems leave behind.
_LITTER = ("thumbs.db", "desktop.ini", "__macosx")


@dataclass(frozen=True)
class File:
    """A file by its name relative to the folder or zip, with "/" between the parts; `changed` is in nanoseconds."""

    name: str
    size: int
    changed: int


def listing(path: Path) -> tuple[list[File], dict[str, list[str]]]:
    """The files under a folder or in a zip, sorted by name, and those left out, by the reason.

    Raises:
        TorchbookError: a name or a link leads out of the folder, an entry is a decompression bomb, the zip is damaged.
    """
    files, left_out = _in_folder(path) if path.is_dir() else _in_zip(path)
    kept = []
    for file in files:
        if any(part.startswith(".") or part.lower() in _LITTER for part in PurePosixPath(file.name).parts):
            left_out.setdefault("hidden", []).append(file.name)
        else:
            kept.append(file)
    return sorted(kept, key=lambda file: file.name), left_out


def _in_folder(root: Path) -> tuple[list[File], dict[str, list[str]]]:
    files: list[File] = []
    left_out: dict[str, list[str]] = {}
    inside = os.path.realpath(root)

    def walk(folder: str, prefix: str) -> None:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = prefix + entry.name
                if entry.is_symlink():
                    target = os.path.realpath(entry.path)
                    if os.path.commonpath([inside, target]) != inside:
                        raise TorchbookError(
                            f"{entry.path}: the link leads out of the folder to {target}; copy the file in"
                        )
                    # What it leads to is found under its own name; following it would count a picture twice.
                    left_out.setdefault("link", []).append(name)
                elif entry.is_dir():
                    walk(entry.path, name + "/")
                elif entry.is_file():
                    about = entry.stat()
                    files.append(File(name, about.st_size, about.st_mtime_ns))
                else:
                    left_out.setdefault("no file", []).append(name)

    walk(inside, "")
    return files, left_out


def _in_zip(path: Path) -> tuple[list[File], dict[str, list[str]]]:
    left_out: dict[str, list[str]] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise TorchbookError(f"{path}: the zip is damaged ({error}); download or make it again") from None
    files: dict[str, File] = {}
    changed = path.stat().st_mtime_ns
    for entry in entries:
        _refuse(path, entry)
        if entry.is_dir():
            continue
        if entry.filename in files:
            left_out.setdefault("repeated", []).append(entry.filename)
        files[entry.filename] = File(entry.filename, entry.file_size, changed)
    return list(files.values()), left_out


def _refuse(path: Path, entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or re.match("[A-Za-z]:", name) or ".." in name.split("/"):
        raise TorchbookError(
            f"{path}: the name {entry.filename!r} leads out of the folder; this zip is not to be trusted"
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise TorchbookError(f"{path}: {entry.filename!r} is a link; a zip of pictures must hold the files themselves")
    suspicious = entry.file_size > _BOMB_SIZE and entry.file_size > _BOMB_RATIO * max(entry.compress_size, 1)
    if suspicious or entry.file_size > _LARGEST:
        sizes = f"{entry.file_size:,} bytes packed into {entry.compress_size:,}"
        raise TorchbookError(f"{path}: {entry.filename!r} is a decompression bomb ({sizes}); remove it from the zip")
