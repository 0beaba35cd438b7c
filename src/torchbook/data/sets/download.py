"""Files from elsewhere: the person's own folder first, then the mirrors; what is downloaded must have the right
content."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from torchbook.errors import TorchbookError
from torchbook.home import home, own_files


@dataclass(frozen=True)
class Remote:
    """A file that can be downloaded: where from, and the MD5 sums that it may have.

    `archive_md5` is that of the file as the mirrors give it, `content_md5` that of what is in a gzip file (the wrapper
    may have been made anew). One of them has to fit.
    """

    name: str
    mirrors: tuple[str, ...]
    archive_md5: str
    content_md5: str | None = None


class NotHere(TorchbookError):
    """A data set comes from elsewhere, and this part of the program asks nobody."""


_refused: ContextVar[bool] = ContextVar("refused", default=False)


@contextmanager
def without_fetching() -> Iterator[None]:
    """Inside it data sets that come from elsewhere raise `NotHere`, for what must work with the network cable out."""
    before = _refused.set(True)
    try:
        yield
    finally:
        _refused.reset(before)


def fetch(remote: Remote, *, folder: str) -> tuple[Path, list[str]]:
    """The file on this disk, and notes on it: from `TORCHBOOK_DATA/folder`, from `TORCHBOOK_HOME`, or a mirror.

    A file that somebody put there by hand is used even where its checksum is not the official one, with a note that
    says so; a download never is.

    Raises:
        TorchbookError: the file is nowhere and no mirror answers; the message says where to put it by hand.
    """
    if _refused.get():
        raise NotHere(f"{remote.name} is downloaded when it is asked for, and not from here")
    own = own_files()
    kept = home() / "downloads" / folder / remote.name
    for file in (own / folder / remote.name if own else kept, kept):
        if file.is_file():
            odd = f"{file}: its content is not that of the official file (MD5 {remote.archive_md5}); used as it is."
            return file, [] if _right(file, remote) else [odd]
    return _downloaded(remote, kept, own), []


def _downloaded(remote: Remote, kept: Path, own: Path | None) -> Path:
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Processes that need the same file fetch it once.
    with FileLock(kept.with_name(f".{kept.name}.lock")):
        if kept.is_file():
            return kept
        return _from_mirrors(remote, kept, own)


def _from_mirrors(remote: Remote, kept: Path, own: Path | None) -> Path:
    import pooch

    failures = []
    for mirror in remote.mirrors:
        try:
            downloader = pooch.HTTPDownloader(timeout=20)
            coming = kept.with_name(f".{kept.name}.part")
            downloader(mirror + remote.name, str(coming), None, check_only=False)
            if not _right(coming, remote):
                coming.unlink()
                raise ValueError("the content is not that of the official file")
            coming.replace(kept)
            return kept
        except Exception as error:  # requests raises its own kinds, and any mirror may fail in its own way
            failures.append(f"{mirror}{remote.name} ({_short(error)})")
    place = own / kept.parent.name if own is not None else kept.parent
    raise TorchbookError(
        f"{remote.name} is not on this machine and could not be downloaded from {' or '.join(failures)}; "
        f"get it elsewhere and put it in {place}"
    )


def _right(file: Path, remote: Remote) -> bool:
    content = file.read_bytes()
    if hashlib.md5(content, usedforsecurity=False).hexdigest() == remote.archive_md5:
        return True
    if remote.content_md5 is None:
        return False
    try:
        return hashlib.md5(gzip.decompress(content), usedforsecurity=False).hexdigest() == remote.content_md5
    except (OSError, EOFError, zlib.error):
        return False


def _short(error: Exception) -> str:
    kind = type(error).__name__
    return kind if "http" in str(error).lower() or not str(error) else f"{kind}: {error}"[:100]
