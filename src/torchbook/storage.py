"""Files that are either wholly there or not at all."""

import contextlib
import ctypes
import hashlib
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

_PART = ".part"
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux


def write_atomically(path: Path, content: bytes, *, replace: bool = True, sync: bool = True) -> bool:
    """Writes `content` so that `path` holds, after a crash at any moment, either all of it or what was there before.

    Without `replace` a file that exists stays. Without `sync` that holds where the process is killed, but not after a
    power cut. Returns whether the content was written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A part of the name, for all of it and more may be too long for a file.
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=_PART, dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(0o644)
        if replace:
            temporary.replace(path)
        elif not _named(temporary, path):
            return False
    finally:
        temporary.unlink(missing_ok=True)
    if sync:
        sync_folder(path.parent)
    return True


def _named(temporary: Path, path: Path) -> bool:
    """Gives a finished file its name, unless another file has that name."""
    try:
        os.link(temporary, path)
    except OSError:  # it exists, or this file system has no links
        if path.exists():
            return False
        temporary.replace(path)
    return True


def replace_unchanged(path: Path, content: bytes, expected: bytes) -> bytes | None:
    """Writes `content` over a file that holds `expected`, also while other programs write it.

    If it holds something else by then, what another program has saved stays in its place and is returned; None if the
    content was written.
    """
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}{_PART}")
    try:
        write_atomically(temporary, content, sync=False)
        _exchange(temporary, path)
        displaced = temporary.read_bytes()
        if displaced == expected:
            return None
        # The very file comes back, for the other program may not have finished writing it.
        _exchange(temporary, path)
        if (third := temporary.read_bytes()) != content:  # somebody was faster once more
            write_atomically(path.with_name(f"{path.stem}.{secrets.token_hex(4)}{path.suffix}"), third, sync=False)
        return displaced
    finally:
        temporary.unlink(missing_ok=True)


def _exchange(first: Path, second: Path) -> None:
    """Gives two files each the other's name: in one act where the system can."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if rename and not rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE):
        return
    aside = first.with_name(f"{first.name}.aside")
    second.rename(aside)
    first.rename(second)
    aside.rename(first)


def remove_left(folder: Path, *, older_than: float = 3600) -> None:
    """Removes what `write_atomically` had begun in a folder when its process was killed: what is older than so many
    seconds, for no write takes an hour."""
    for file in folder.glob(f".*{_PART}"):
        with contextlib.suppress(OSError):  # another process has just given it its name, or removes it too
            if time.time() - file.stat().st_mtime >= older_than:
                file.unlink()


def sync_folder(folder: Path) -> None:
    """Makes a new or renamed name in `folder` survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(content: bytes) -> str:
    """Returns the SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
