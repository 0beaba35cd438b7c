"""Files that are either wholly there or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from torchbook.errors import TorchbookError


def write_atomically(path: Path, content: bytes) -> None:
    """Writes `content` so that `path` holds, after a crash at any moment, either all of it or what was there before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


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
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def tensors_content(tensors: Mapping[str, Tensor]) -> bytes:
    """Tensors as the bytes of a safetensors file, which can hold nothing that is executed when it is read."""
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})


def read_tensors(content: bytes, name: Path) -> dict[str, Tensor]:
    """The tensors in the content of a safetensors file; `name` is for the message.

    Raises:
        TorchbookError: the content is damaged.
    """
    try:
        return load(content)
    except SafetensorError as error:
        raise TorchbookError(f"{name} is damaged: {error}") from None


def fill(module: nn.Module, tensors: Mapping[str, Tensor], name: Path) -> None:
    """Loads tensors as the weights of a module.

    Raises:
        TorchbookError: they are those of another model.
    """
    try:
        module.load_state_dict(dict(tensors))
    except RuntimeError as error:
        raise TorchbookError(f"{name} belongs to another model: {' '.join(str(error).split())[:200]}") from None
