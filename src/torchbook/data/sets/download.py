"""Files from elsewhere: the person's own folder first, then the mirrors; what is downloaded must have the right
content."""

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

from filelock import FileLock

from torchbook.errors import TorchbookError
from torchbook.home import home, own_files


@dataclass(frozen=True)
class Remote:
    """A file that can be downloaded: where from, how large it is, and the MD5 sums that it may have.

    `archive_md5` is that of the file as the mirrors give it, `content_md5` that of what is in a gzip file (the wrapper
    may have been made anew). One of them has to fit. `content_size` is the size of what is inside, in bytes.
    """

    name: str
    mirrors: tuple[str, ...]
    size: int
    content_size: int
    archive_md5: str
    content_md5: str | None = None

    @property
    def largest(self) -> int:
        """The most bytes that the file may have: gzip makes nothing larger by more than a thousandth."""
        return self.size if self.content_md5 is None else self.content_size + self.content_size // 1000 + 1000


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
            with coming.open("wb") as file:
                downloader(mirror + remote.name, _AtMost(file, remote.largest), None, check_only=False)
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


class _AtMost:
    """A file to write to that takes no more than so many bytes."""

    def __init__(self, file: BufferedIOBase, largest: int):
        self.file, self.left = file, largest

    def write(self, content: bytes) -> int:
        self.left -= len(content)
        if self.left < 0:
            raise ValueError("it is larger than the official file")
        return self.file.write(content)

    def flush(self) -> None:
        self.file.flush()


def _right(file: Path, remote: Remote) -> bool:
    if file.stat().st_size > remote.largest:
        return False
    with file.open("rb") as opened:
        if _md5(opened, remote.largest) == remote.archive_md5:
            return True
        opened.seek(0)
        try:
            return remote.content_md5 is not None and _md5(gzip.open(opened), remote.content_size) == remote.content_md5
        except (OSError, EOFError, zlib.error):
            return False


def _md5(file: BufferedIOBase, largest: int) -> str:
    """Returns the MD5 sum of a file, or that of its beginning where it is larger than it should be."""
    md5 = hashlib.md5(usedforsecurity=False)
    while largest >= 0 and (block := file.read(1 << 20)):
        md5.update(block)
        largest -= len(block)
    return md5.hexdigest()


def _short(error: Exception) -> str:
    kind = type(error).__name__
    return kind if "http" in str(error).lower() or not str(error) else f"{kind}: {error}"[:100]
