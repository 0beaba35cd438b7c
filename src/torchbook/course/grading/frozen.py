"""Copies of values that later changes cannot reach, of the types that Python, NumPy and PyTorch have themselves.

A class of an answer could say of itself that it equals anything: its objects are read with the methods of the type that
it extends, so that an `int` with an `__eq__` of its own is the int that it holds, and a tensor with a
`__torch_function__` is the tensor that is stored.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import Parameter

TENSORS = (Tensor, Parameter)
SCALARS = (bool, int, float, str, type(None))


def as_builtin(value: Any) -> Any:
    """Returns a number, text, tensor or array as one of exactly that type, in the same memory; other things as they
    are, also tensors of a class with a `__torch_dispatch__`, whose values nobody else can read."""
    kind = type(value)
    if kind in SCALARS or kind in TENSORS or kind is np.ndarray:
        return value
    for base, read in ((int, int.__int__), (float, float.__float__), (str, str.__str__)):
        if issubclass(kind, base):
            return read(value)
    if issubclass(kind, np.ndarray):
        return np.ndarray.view(value, np.ndarray)
    if issubclass(kind, Tensor) and kind.__torch_dispatch__ is Tensor.__torch_dispatch__:
        with torch._C.DisableTorchFunctionSubclass():
            return Tensor.as_subclass(value, Parameter if issubclass(kind, Parameter) else Tensor)
    return value


def frozen(value: Any) -> Any:
    """Returns a copy of tensors, arrays and containers; of numbers and texts those of the exact type; other things as
    they are."""
    value = as_builtin(value)
    kind = type(value)
    if kind in SCALARS:
        return value
    if kind is Parameter:
        return Parameter(value.detach().clone(), requires_grad=value.requires_grad)
    if kind is Tensor:
        return value.detach().clone().requires_grad_(value.requires_grad)
    if kind is np.ndarray:
        copied = value.copy()
        if copied.dtype.kind == "O":
            copied[...] = np.frompyfunc(frozen, 1, 1)(copied)
        return copied
    for base in (list, tuple, set, frozenset):
        if issubclass(kind, base):
            return base(map(frozen, base.__iter__(value)))
    if issubclass(kind, dict):
        return {_key(key): frozen(item) for key, item in dict.items(value)}
    return value


def _key(key: Any) -> Any:
    """Returns a key of the exact type; a tensor stays the key that it is."""
    return tuple(map(_key, tuple.__iter__(key))) if issubclass(type(key), tuple) else as_builtin(key)
