"""Many image files as one file of uint8 rows, made once, mapped into memory ever after.

A pack is `NAME-KEY.npy`, an array `[count, channels, height, width]` that NumPy can open, and its index
`NAME-KEY.json`, which is written last.
"""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import Any

from filelock import FileLock, Timeout

from torchbook.data.foreign_files import instead
from torchbook.data.images.files import File, Listing, listing
from torchbook.data.images.reading import read_files
from torchbook.data.images.row_file import checksums, finish, is_whole, reserve
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.record import Number, made, read_record
from torchbook.storage import write_atomically

_VERSION = 2
# Pictures of one size are kept as they are up to this one; others become squares of at most `_SIDE`.
_LARGEST_KEPT, _SIDE = 128, 64


_LARGEST_INDEX = 1 << 30  # bytes: some hundred for each file
_SHAPE: dict[str, Any] = {"shape": [Number(1, whole=True)], "facts": dict, "reasons": {str: str}}
_SHAPE |= {"left_out": {str: [str]}, "names": [str], "digests": [str], "one_colour": [int], "checksums": [int]}


@dataclass(frozen=True)
class Index:
    """What is known of a pack: the file behind each row, and what was found while reading.

    `digests` are those of the rows' pixels, "" where a file turned out damaged: its row holds nothing. `one_colour`
    lists rows. `patients` are whom DICOM files show, "" where they do not say, and empty without such files. `left_out`
    has the names of files without pixels, by the kind of trouble, and `reasons` says more of each. `facts` counts what
    was converted.
    """

    shape: tuple[int, int, int, int]
    names: list[str]
    digests: list[str]
    one_colour: list[int]
    left_out: dict[str, list[str]]
    reasons: dict[str, str]
    facts: dict[str, Any]
    checksums: list[int]
    patients: list[str] = field(default_factory=list)


def pack(path: Path, *, image_size: int | None = None) -> tuple[Path, Index]:
    """The array's file and the index of the packed images of a folder or zip, made now unless it is there already.

    It is made again when a name, a size or a time of change is another. `image_size` is the side of the squares that
    images become, in pixels; None keeps small images of one size and otherwise chooses. Two processes that need the
    same pack make it once.

    Raises:
        TorchbookError: no file is an image, a name or link leads out of the folder, the
            zip is damaged, or the disk has too little room.
    """
    folder = home() / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    listed = listing(path) if path.is_dir() else None
    about = path.stat()
    state: Any = listed.files if listed else about.st_mtime_ns
    name = re.sub(r"[^\w-]", "_", path.stem)[:40]
    source = f"{name}-{_digest([_VERSION, str(path.resolve()), image_size])}"
    array = folder / f"{source}-{_digest([state, listed.left_out if listed else about.st_size])}.npy"
    with _alone(folder / f"{source}.lock", path):
        index = _opened(array)
        if index is None:
            for stale in folder.glob(f"{source}-*"):
                _remove(stale)
            index = _make(path, listed or listing(path), image_size, array)
    return array, index


@contextmanager
def _alone(lock: Path, source: Path) -> Iterator[None]:
    """One process at a time; the others say what they wait for."""
    held = FileLock(lock)
    try:
        held.acquire(timeout=0.5)
    except Timeout:
        print(f"waiting for another process that packs {source.name}", file=sys.stderr)
        held.acquire()
    try:
        yield
    finally:
        held.release()


def _digest(value: Any) -> str:
    return blake2b(json.dumps(value).encode(), digest_size=6).hexdigest()


def _opened(array: Path) -> Index | None:
    """The index of a pack that is there and whole."""
    try:
        fields = read_record(array.with_suffix(".json"), _SHAPE, largest=_LARGEST_INDEX)
        index = made(Index, fields | {"shape": tuple(fields["shape"])}, array)
        return index if is_whole(array, index.checksums) else None
    except (OSError, TorchbookError):  # it is made again
        return None


def _make(path: Path, listed: Listing, image_size: int | None, array: Path) -> Index:
    looks = read_files(path, listed.files, "looking at")
    reasons = _leave_out(listed, listed.files, looks)
    good = [(file, look) for file, look in zip(listed.files, looks) if isinstance(look, dict)]
    if not good:
        counts = ", ".join(f"{len(names):,} {reason}" for reason, names in listed.left_out.items()) or "no files"
        if set(listed.left_out) == {"unreadable"} and len(set(reasons.values())) == 1:
            counts += f": {next(iter(reasons.values()))}"
        hint = instead(path, listed.left_out.get("no image", [])) or "expected one folder of images per class"
        raise TorchbookError(f"{path}: there is no usable image ({counts}); {hint}")
    files, looks = [file for file, _ in good], [look for _, look in good]
    channels = 3 if any(look["colour"] for look in looks) else 1
    width, height = _size(looks, image_size)
    facts = _facts(looks)
    pixels = {"channels": channels, "height": height, "width": width, "peak": facts["peak"]}
    shape = (len(files), channels, height, width)
    temporary = array.with_suffix(".part")
    try:
        start = reserve(temporary, shape)
        results = read_files(path, files, "packing", out=str(temporary), start=start, shape=pixels)
        reasons |= _leave_out(listed, files, results)
        digests = ["" if isinstance(result, list) else result for result in results]
        index = Index(
            shape=shape,
            names=[file.name for file in files],
            digests=[digest.rstrip("!") for digest in digests],
            one_colour=[row for row, digest in enumerate(digests) if digest.endswith("!")],
            left_out=listed.left_out,
            reasons=reasons,
            facts=facts,
            checksums=checksums(temporary),
            patients=[look["patient"] or "" for look in looks] if facts["dicom"] else [],
        )
        finish(temporary, array)
    finally:
        _remove(temporary)
    write_atomically(array.with_suffix(".json"), json.dumps(asdict(index)).encode())
    return index


def _leave_out(listed: Listing, files: Sequence[File], results: list[Any]) -> dict[str, str]:
    """Leaves out the files whose result is `[kind, reason]` and returns the reasons by name."""
    reasons = {}
    for file, result in zip(files, results):
        if not isinstance(result, list):
            continue
        kind, reason = result
        listed.leave_out(kind, file.name)
        reasons[file.name] = reason
    return reasons


def _size(looks: list[dict[str, Any]], image_size: int | None) -> tuple[int, int]:
    """Width and height of the rows."""
    if image_size is not None:
        return image_size, image_size
    sizes = {(look["width"], look["height"]) for look in looks}
    if len(sizes) == 1 and max(max(size) for size in sizes) <= _LARGEST_KEPT:
        return sizes.pop()
    side = int(median(min(look["width"], look["height"]) for look in looks)) // 8 * 8
    return (min(max(side, 8), _SIDE),) * 2


def _facts(looks: list[dict[str, Any]]) -> dict[str, Any]:
    sizes = Counter((look["width"], look["height"]) for look in looks)
    peaks = [look["peak"] for look in looks if look["peak"] is not None]
    highest = max(peaks, default=0)
    return {
        **{what: sum(look[what] for look in looks) for what in ("colour", "transparent", "moving")},
        "deep": len(peaks),
        "dicom": sum(look["patient"] is not None for look in looks),
        # 255, 1023, 4095, 16383, 65535: sensors have 8, 10, 12, 14 or 16 bits; floats end at 1, or a hair above.
        "peak": 1.0 if highest < 2 else 2.0 ** max(8, -(-int(highest).bit_length() // 2) * 2) - 1,
        "sizes": len(sizes),
        "smallest": min(sizes, key=lambda size: size[0] * size[1]),
        "largest": max(sizes, key=lambda size: size[0] * size[1]),
    }


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # Windows keeps a file that another process has mapped; it goes the next time.
        return
