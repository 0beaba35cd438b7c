"""Files from elsewhere: the person's own folder first, then the mirrors; what is downloaded must have the right
content."""

import gzip
import hashlib
import zlib
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


def fetch(remote: Remote, *, folder: str) -> tuple[Path, list[str]]:
    """The file on this disk, and notes on it: from `TORCHBOOK_DATA/folder`, from `TORCHBOOK_HOME`, or a mirror.

    A file that somebody put there by hand is used even where its checksum is not the official one, with a note that
    says so; a download never is.

    Raises:
        TorchbookError: the file is nowhere and no mirror answers; the message says where to put it by hand.
    """
    own, places = own_files(), _places(remote.name, folder)
    for file in places:
        if file.is_file():
            odd = f"{file}: its content is not that of the official file (MD5 {remote.archive_md5}); used as it is."
            return file, [] if _right(file, remote) else [odd]
    return _downloaded(remote, places[-1], own), []


def is_here(name: str, *, folder: str) -> bool:
    """Returns True if a file lies where `fetch` looks for it before it downloads."""
    return any(file.is_file() for file in _places(name, folder))


def _places(name: str, folder: str) -> list[Path]:
    """Returns where a file may lie: in the person's own folder, if there is one, and where downloads are kept."""
    return [place / folder / name for place in (own_files(), home() / "downloads") if place]


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
