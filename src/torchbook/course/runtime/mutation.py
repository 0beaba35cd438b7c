"""Which values a piece of code changes in place. Seen are tensors, their gradients, and the tensors of modules; lists
and dictionaries are not."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

State = tuple[object, ...]


def states(names: Mapping[str, Any]) -> dict[str, State]:
    """What tells whether the value of a name was changed in place, for the names of tensors and modules."""
    return {
        name: _state(value)
        for name, value in names.items()
        if isinstance(value, Tensor) or (isinstance(value, nn.Module) and not isinstance(value, torch.jit.ScriptModule))
    }


def mutated(before: Mapping[str, State], after: Mapping[str, State]) -> frozenset[str]:
    """The names whose values are the same objects as before, and changed."""
    return frozenset(
        name for name, state in before.items() if name in after and after[name][0] == state[0] and after[name] != state
    )


def _state(value: Tensor | nn.Module) -> State:
    if isinstance(value, Tensor):
        return (id(value), *_versions(value))
    tensors = [*value.parameters(), *value.buffers()]
    return (id(value), value.training, *(part for tensor in tensors for part in (id(tensor), *_versions(tensor))))


def _versions(tensor: Tensor) -> tuple[object, ...]:
    gradient = tensor.grad if tensor.is_leaf or tensor.retains_grad else None
    version = None if tensor.is_inference() else tensor._version
    if gradient is None:
        return (version, tensor.requires_grad, None, None)
    return (version, tensor.requires_grad, id(gradient), gradient._version)
