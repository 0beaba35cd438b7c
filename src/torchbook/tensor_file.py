"""Tensors as the content of a safetensors file, and back."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from torchbook.errors import TorchbookError


def tensors_content(tensors: Mapping[str, Tensor]) -> bytes:
    """Returns tensors as the bytes of a safetensors file, which can hold nothing that is executed when it is read."""
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})


def read_tensors(content: bytes, name: Path) -> dict[str, Tensor]:
    """Returns the tensors in the content of a safetensors file; `name` is for the message.

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
