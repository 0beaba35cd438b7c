"""An array of uint8 rows in a file (`.npy`): written piece by piece, checked, and mapped into memory."""

import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np

from torchbook.errors import TorchbookError
from torchbook.storage import sync_folder

# A file of up to this many blocks is checked whole when it is opened, of a larger one as many, evenly spaced.
_BLOCK, _CHECKED_BLOCKS = 4 << 20, 64
# Rows that do not follow each other are copied into memory up to this size, above it into a file of their own.
_IN_MEMORY = 1 << 30


def reserve(path: Path, shape: tuple[int, ...]) -> int:
    """Makes an array file of zeros and returns where its rows start.

    Raises:
        TorchbookError: the disk has too little room.
    """
    needed, free = int(np.prod(shape)), shutil.disk_usage(path.parent).free
    if needed > free:
        room = f"{needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free"
        raise TorchbookError(f"{path.parent}: {room}; choose a smaller image_size or another TORCHBOOK_HOME")
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
        start = file.tell()
        file.truncate(start + needed)
    return start


def finish(temporary: Path, file: Path) -> None:
    """Gives a file that is wholly written its name, so that under this name there is never half of it."""
    with temporary.open("r+b") as written:
        os.fsync(written.fileno())
    temporary.replace(file)
    sync_folder(file.parent)


def checksums(array: Path) -> list[int]:
    """The CRC-32 of each block of a file."""
    return list(_checksums(array, range(-(-array.stat().st_size // _BLOCK))))


def is_whole(array: Path, expected: Sequence[int]) -> bool:
    """Tells whether a file has these checksums; of a large one only some blocks are read."""
    blocks = sorted(set(np.linspace(0, len(expected) - 1, _CHECKED_BLOCKS).round().astype(int).tolist()))
    if -(-array.stat().st_size // _BLOCK) != len(expected):
        return False
    return all(expected[block] == checksum for block, checksum in zip(blocks, _checksums(array, blocks)))


def _checksums(array: Path, blocks: Sequence[int]) -> Iterator[int]:
    with array.open("rb") as file:
        for block in blocks:
            file.seek(block * _BLOCK)
            yield zlib.crc32(file.read(_BLOCK))


def rows(array: Path, chosen: np.ndarray) -> np.ndarray:
    """The rows of a pack with these ascending numbers, mapped from a file (changes stay in memory) or copied."""
    if (np.diff(chosen) == 1).all():
        return _mapped(array)[chosen[0] : chosen[-1] + 1]
    shape = (len(chosen), *_mapped(array).shape[1:])
    if np.prod(shape) <= _IN_MEMORY:
        copy = np.empty(shape, np.uint8)
        for start, block in _blocks(array, chosen):
            copy[start : start + len(block)] = block
        return copy
    file = array.with_name(f"{array.stem}-{blake2b(chosen.tobytes(), digest_size=6).hexdigest()}.npy")
    if not file.exists():
        temporary = file.with_suffix(f".{os.getpid()}")
        start = reserve(temporary, shape)
        with temporary.open("r+b") as written:
            written.seek(start)
            for _, block in _blocks(array, chosen):
                written.write(block.tobytes())
        finish(temporary, file)
    return _mapped(file)


def _mapped(array: Path) -> np.ndarray:
    return np.load(array, mmap_mode="c", allow_pickle=False)


def _blocks(array: Path, chosen: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """The chosen rows in blocks, each with its place among them."""
    step = max(1, _BLOCK // int(np.prod(_mapped(array).shape[1:])))
    for start in range(0, len(chosen), step):
        # Mapped anew for each block, so that what was read does not stay in this process.
        yield start, _mapped(array)[chosen[start : start + step]]
