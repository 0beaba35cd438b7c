"""What may cross from one process to another: numbers, text, lists, dicts and tensors, as JSON and safetensors."""

import base64
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from torchbook.errors import TorchbookError
from torchbook.tensor_file import read_tensors, tensors_content

_TENSOR = "tensor\ue000"  # the key of a tensor's place; nobody names a measure so


def packed(value: Any, what: str) -> dict[str, Any]:
    """A value as JSON can hold it; tensors are copied. Tuples become lists. `what` names the value in an error.

    Raises:
        TorchbookError: something in the value is of another kind.
    """
    tensors: dict[str, Tensor] = {}
    plain = _plain(value, what, tensors)
    if not tensors:
        return {"value": plain}
    return {"value": plain, "tensors": base64.b64encode(tensors_content(tensors)).decode()}


def unpacked(content: dict[str, Any]) -> Any:
    """The value that `packed` made this of."""
    tensors = {}
    if "tensors" in content:
        tensors = read_tensors(base64.b64decode(content["tensors"]), Path("what a worker sent"))
    return _filled(content["value"], tensors)


def _plain(value: Any, what: str, tensors: dict[str, Tensor]) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        value = torch.from_numpy(np.ascontiguousarray(value))
    if isinstance(value, Tensor):
        name = str(len(tensors))
        tensors[name] = value.detach().cpu().clone()  # two that share memory could not be stored
        return {_TENSOR: name}
    if isinstance(value, dict):
        if odd := [key for key in value if not isinstance(key, str)]:
            raise TorchbookError(f"{what} has the key {odd[0]!r}; expected text as keys")
        return {key: _plain(one, f"{what}[{key!r}]", tensors) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, f"{what}[{i}]", tensors) for i, one in enumerate(value)]
    raise TorchbookError(
        f"{what} is a {type(value).__name__}; only numbers, text, lists, dicts and tensors go to a worker and back"
    )


def _filled(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_TENSOR}:
            return tensors[value[_TENSOR]]
        return {key: _filled(one, tensors) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, tensors) for one in value]
    return value
