"""Files that are either wholly there or not at all."""

import hashlib
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes, *, replace: bool = True, sync: bool = True) -> bool:
    """Writes `content` so that `path` holds, after a crash at any moment, either all of it or what was there before.

    Without `replace` a file that exists stays. Without `sync` that holds where the process is killed, but not after a
    power cut. Returns whether the content was written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
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
