"""Many image files as one file of uint8 rows, made once, mapped into memory ever after.

A pack is `NAME-KEY.npy`, an array `[count, channels, height, width]` that NumPy can open, and `NAME-KEY.json`, its
index, written last.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from filelock import FileLock

from torchbook.data.files import File
from torchbook.data.reading import read_files
from torchbook.errors import TorchbookError
from torchbook.home import home

_VERSION = 1
# Pictures of one size are kept as they are up to this; others become squares of at most `_SIDE`.
_LARGEST_KEPT, _SIDE = 128, 64
_BLOCK = 4 << 20
# A file of up to this many blocks is checked whole at each opening, of a larger one as many, evenly spaced.
_CHECKED_BLOCKS = 64


@dataclass(frozen=True)
class Index:
    """What is known of a pack: the file behind each row, and what was found while reading.

    `digests` are those of the pixels, "" where the file was damaged: that row holds nothing. `one_colour` are rows,
    `unusable` maps names to `(kind, reason)`, `facts` counts what was converted.
    """

    shape: tuple[int, int, int, int]
    names: list[str]
    digests: list[str]
    one_colour: list[int]
    unusable: dict[str, tuple[str, str]]
    facts: dict[str, Any]
    checksums: list[str]


def pack(path: Path, files: Sequence[File], *, image_size: int | None = None) -> tuple[Path, Index]:
    """The pack of these files of a folder or zip, made now unless there is one: the array's file and its index.

    `image_size` is the side of the square that pictures become, in pixels; None keeps small pictures of one size as
    they are and otherwise chooses. Two processes that need the same pack make it once.

    Raises:
        TorchbookError: no file is an image, one is a decompression bomb, or the disk has too little room.
    """
    folder = home() / "packs"
    folder.mkdir(parents=True, exist_ok=True)
    what = _digest([_VERSION, str(path.resolve()), image_size])[:12]
    stem = f"{path.stem[:40]}-{what}-{_digest([[file.name, file.size, file.changed] for file in files])[:12]}"
    array, index = folder / f"{stem}.npy", folder / f"{stem}.json"
    with FileLock(folder / f"{path.stem[:40]}-{what}.lock"):
        found = _opened(array, index)
        if found is None:
            for stale in folder.glob(f"*-{what}-*"):
                _removed(stale)
            found = _made(path, [file.name for file in files], image_size, array, index)
    return array, found


def rows(array: Path, chosen: np.ndarray) -> np.ndarray:
    """The rows of a pack in this order: a view of the mapped file where they follow each other, otherwise a copy."""
    mapped = np.load(array, mmap_mode="c", allow_pickle=False)
    if len(chosen) and (np.diff(chosen) == 1).all():
        return mapped[chosen[0] : chosen[-1] + 1]
    return mapped[chosen]


def _digest(value: Any) -> str:
    return blake2b(json.dumps(value).encode()).hexdigest()


def _removed(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        # Windows keeps a file that another process has mapped; it goes next time.
        return


def _opened(array: Path, index: Path) -> Index | None:
    """The index of a pack that is whole, or None."""
    try:
        fields = json.loads(index.read_bytes())
        found = Index(**fields)
        blocks = dict(_blocks(array, len(found.checksums)))
    except (OSError, ValueError, TypeError):
        return None
    whole = all(found.checksums[number] == checksum for number, checksum in blocks.items())
    return found if whole and -(-array.stat().st_size // _BLOCK) == len(found.checksums) else None


def _blocks(array: Path, count: int, most: int = _CHECKED_BLOCKS) -> Iterator[tuple[int, str]]:
    with array.open("rb") as file:
        for number in sorted({round(x) for x in np.linspace(0, count - 1, min(count, most))}):
            file.seek(number * _BLOCK)
            yield number, blake2b(file.read(_BLOCK), digest_size=16).hexdigest()


def _made(path: Path, names: list[str], image_size: int | None, array: Path, index: Path) -> Index:
    looks = read_files(path, names, "looking at")
    unusable = {name: tuple(result) for name, result in zip(names, looks) if isinstance(result, list)}
    _refuse_bombs(path, unusable)
    good = {name: result for name, result in zip(names, looks) if isinstance(result, dict)}
    if not good:
        raise TorchbookError(
            f"{path}: none of the {len(names):,} files is an image; expected one folder of images per class"
        )
    channels = 3 if any(found["colour"] for found in good.values()) else 1
    width, height = _size(list(good.values()), image_size)
    shape = (len(good), channels, height, width)
    depth = _depth(list(good.values()))
    temporary = array.with_suffix(".part")
    try:
        start = _reserve(temporary, shape)
        pixels = {"channels": channels, "height": height, "width": width, "peak": 2**depth - 1}
        results = read_files(path, list(good), "packing", out=str(temporary), start=start, shape=pixels)
        unusable |= {name: tuple(result) for name, result in zip(good, results) if isinstance(result, list)}
        _refuse_bombs(path, unusable)
        digests = ["" if isinstance(result, list) else result for result in results]
        checksums = [checksum for _, checksum in _blocks(temporary, -(-temporary.stat().st_size // _BLOCK), 1 << 62)]
        _synced(temporary)
        temporary.replace(array)
    finally:
        _removed(temporary)
    made = Index(
        shape=shape,
        names=list(good),
        digests=[digest.rstrip("!") for digest in digests],
        one_colour=[row for row, digest in enumerate(digests) if digest.endswith("!")],
        unusable=unusable,
        facts=_facts(list(good.values()), depth),
        checksums=checksums,
    )
    temporary.write_text(json.dumps(asdict(made)))
    _synced(temporary)
    temporary.replace(index)
    return made


def _refuse_bombs(path: Path, unusable: dict[str, Any]) -> None:
    for name, (kind, reason) in unusable.items():
        if kind == "bomb":
            raise TorchbookError(f"{path}: {name!r} is a decompression bomb ({reason}); make it smaller or remove it")


def _size(looks: list[dict[str, Any]], image_size: int | None) -> tuple[int, int]:
    """Width and height of the rows."""
    sizes = {(found["width"], found["height"]) for found in looks}
    if image_size:
        return image_size, image_size
    if len(sizes) == 1 and max(*sizes) and max(max(size) for size in sizes) <= _LARGEST_KEPT:
        return sizes.pop()
    side = int(median(min(found["width"], found["height"]) for found in looks)) // 8 * 8
    return (min(max(side, 8), _SIDE),) * 2


def _depth(looks: list[dict[str, Any]]) -> int:
    """The bits of the deepest pixels: 8, 10, 12, 14, 16 and so on."""
    peak = max((found["peak"] for found in looks if found["peak"] is not None), default=0)
    return max(8, -(-int(peak).bit_length() // 2) * 2) if peak else 8


def _facts(looks: list[dict[str, Any]], depth: int) -> dict[str, Any]:
    sizes = Counter((found["width"], found["height"]) for found in looks)
    return {
        "colour": sum(found["colour"] for found in looks),
        "grey": sum(not found["colour"] for found in looks),
        "transparent": sum(found["transparent"] for found in looks),
        "moving": sum(found["moving"] for found in looks),
        "deep": sum(found["peak"] is not None for found in looks),
        "depth": depth,
        "sizes": len(sizes),
        "smallest": min(sizes),
        "largest": max(sizes),
    }


def _reserve(path: Path, shape: tuple[int, ...]) -> int:
    """Makes an array file of zeros and returns where its rows start."""
    needed, free = int(np.prod(shape)), shutil.disk_usage(path.parent).free
    if needed > free - (64 << 20):
        room = f"{needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free"
        raise TorchbookError(f"{path.parent}: {room}; choose a smaller image_size or another TORCHBOOK_HOME")
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        start = file.tell()
        file.truncate(start + needed)
    return start


def _synced(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
