"""Files of named arrays, read without running anything that they hold."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import torch
from safetensors import safe_open

from torchbook.errors import TorchbookError


def array_names(path: Path) -> list[str]:
    """The names of the arrays in an `.npz` or `.safetensors` file, of an `.npy` file and those beside it, or of those
    in a folder.

    Raises:
        TorchbookError: the file is damaged or its arrays do not fit into the memory.
    """
    with _carefully(path):
        if path.is_dir():
            return sorted(file.stem for file in path.glob("*.npy"))
        if path.suffix.lower() == ".npy":
            # Bytes stay in the file; of floats each is looked at, of other numbers copies are made.
            if _stored_type(path) != np.uint8:
                _refuse_too_large(path, path.stat().st_size)
            return [path.stem, *sorted(file.stem for file in path.parent.glob("*.npy") if file.stem != path.stem)]
        if path.suffix.lower() == ".npz":
            with zipfile.ZipFile(path) as archive:
                _refuse_too_large(path, sum(entry.file_size for entry in archive.infolist()))
                return [entry.filename.removesuffix(".npy") for entry in archive.infolist()]
        _refuse_too_large(path, path.stat().st_size)
        with safe_open(path, "pt") as tensors:
            return list(tensors.keys())


def read_array(path: Path, name: str) -> np.ndarray:
    """One of the arrays named by `array_names`. That of an `.npy` file is mapped into memory: only what is looked at is
    read, and changes stay in memory.

    Raises:
        TorchbookError: the file is damaged, or the array holds Python objects.
    """
    with _carefully(path):
        if path.suffix.lower() == ".safetensors":
            with safe_open(path, "pt") as tensors:
                tensor = tensors.get_tensor(name)
            # NumPy has no bfloat16 and no 8-bit floats.
            short = tensor.is_floating_point() and tensor.dtype not in (torch.float32, torch.float64)
            return (tensor.float() if short else tensor).numpy()
        if path.suffix.lower() == ".npz":
            with np.load(path, allow_pickle=False) as archive:
                return archive[name]
        folder = path if path.is_dir() else path.parent
        return np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False)


@contextmanager
def _carefully(path: Path) -> Iterator[None]:
    try:
        yield
    except (TorchbookError, OSError):
        raise
    except MemoryError:
        raise TorchbookError(f"{path}: its arrays do not fit into the memory") from None
    except Exception as error:
        # NumPy, zipfile, zlib and safetensors each have several ways to say that a file is not what it should be.
        reason = " ".join(str(error).split())
        if "pickle" in reason or "Python objects" in reason:
            why = "it holds Python objects, which could run code when they are loaded"
            raise TorchbookError(f"{path}: {why}; save it as an array of plain numbers") from None
        raise TorchbookError(f"{path}: the file is damaged ({reason}); save it again") from None


def _stored_type(path: Path) -> np.dtype:
    """The type of the values in an `.npy` file, from its header alone."""
    with path.open("rb") as file:
        old = np.lib.format.read_magic(file) == (1, 0)
        read = np.lib.format.read_array_header_1_0 if old else np.lib.format.read_array_header_2_0
        return read(file)[2]


def _refuse_too_large(path: Path, size: int) -> None:
    available = psutil.virtual_memory().available
    if size > available:
        raise TorchbookError(
            f"{path}: {size / 1e9:.1f} GB of arrays do not fit into {available / 1e9:.1f} GB of memory"
        )
