"""What people bring instead of tensors (NumPy arrays, lists, tables of pandas, PyTorch data sets), as tensors."""

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from torchbook.errors import TorchbookError


def as_pair(inputs: Any, labels: Any) -> tuple[Tensor, Tensor | None]:
    """Inputs and labels as tensors; of a PyTorch data set, which holds both, all its examples.

    Tensors stay what they are. Arrays, lists and tables become float32, or int64 where they are labels and whole
    numbers or truth values; whole numbers as inputs stay what they are.

    Raises:
        TorchbookError: they hold no numbers, or cannot be put into one tensor.
    """
    if isinstance(inputs, DataLoader):
        inputs = inputs.dataset
    if isinstance(inputs, Dataset):
        if labels is not None:
            raise TorchbookError(f"a {type(inputs).__name__} holds its labels itself; leave out labels=")
        return _of_dataset(inputs)
    return as_tensor(inputs, "inputs"), None if labels is None else as_tensor(labels, "labels")


def as_tensor(values: Any, role: str) -> Tensor:
    """Numbers of any kind as a tensor; `role` is what they are called in an error."""
    if isinstance(values, Tensor):
        return values
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(values, pandas.DataFrame):
        _check_columns(values, role)
    try:
        array = np.asarray(values)
    except ValueError:
        raise TorchbookError(f"{role} must be equally long rows of numbers, got a {type(values).__name__}") from None
    if array.dtype.kind not in "buif":
        kind = "text" if array.dtype.kind in "US" else f"a {type(values).__name__} of {array.dtype}"
        instead = "; number the classes: labels = [classes.index(name) for name in names]" if role == "labels" else ""
        raise TorchbookError(f"{role} must be numbers, got {kind}{instead}")
    if array.dtype.kind == "f":
        array = array.astype(np.float32)
    elif role == "labels" or array.dtype.kind == "b":
        array = array.astype(np.int64 if role == "labels" else np.float32)
    elif array.dtype != np.uint8:
        array = array.astype(np.int64)
    # An array that cannot be written to would make torch warn.
    return torch.from_numpy(np.ascontiguousarray(array) if array.flags.writeable else array.copy())


def _check_columns(table: Any, role: str) -> None:
    texts = [str(name) for name, kind in table.dtypes.items() if np.dtype(_plain(kind)).kind not in "buif"]
    if texts:
        raise TorchbookError(
            f"{role} must be numbers, but the column {texts[0]!r} holds {table[texts[0]].dtype}; choose columns of "
            "numbers, or let load('table.csv') of the saved table encode all of them"
        )


def _plain(kind: Any) -> Any:
    """The type of NumPy beside a column's own, "object" where there is none."""
    try:
        return np.dtype(kind)
    except TypeError:
        return getattr(kind, "numpy_dtype", np.dtype(object))


def _of_dataset(dataset: Dataset) -> tuple[Tensor, Tensor | None]:
    if isinstance(dataset, TensorDataset):
        tensors: Sequence[Any] = dataset.tensors
    elif isinstance(dataset, IterableDataset) or not hasattr(dataset, "__len__"):
        raise TorchbookError(
            f"the examples of a {type(dataset).__name__} cannot be counted; Batches needs all of them in memory: "
            "inputs, labels = map(torch.stack, zip(*dataset))"
        )
    else:
        examples = [dataset[number] for number in range(len(dataset))]
        pairs = [example if isinstance(example, tuple | list) else (example,) for example in examples]
        if not pairs or len({len(pair) for pair in pairs}) > 1:
            raise TorchbookError(f"the {type(dataset).__name__} has no examples of one kind; expected (input, label)")
        tensors = [_stacked(parts, type(dataset).__name__) for parts in zip(*pairs, strict=True)]
    if len(tensors) > 2:
        raise TorchbookError(
            f"an example of the {type(dataset).__name__} has {len(tensors)} parts; expected (input, label)"
        )
    inputs = as_tensor(tensors[0], "inputs")
    return inputs, as_tensor(tensors[1], "labels") if len(tensors) == 2 else None


def _stacked(parts: Sequence[Any], name: str) -> Tensor | np.ndarray:
    """The same part of all examples in one."""
    if isinstance(parts[0], int | float | str | bool):
        return np.asarray(parts)
    try:
        return torch.stack([torch.as_tensor(part) for part in parts])
    except (TypeError, ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:120]
        raise TorchbookError(f"the examples of the {name} do not fit into one tensor: {reason}") from None
