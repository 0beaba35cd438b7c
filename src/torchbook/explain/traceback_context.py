"""The context of an error from its traceback: the layer, the arguments, the tensors of the line that failed."""

import linecache
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, TracebackType
from typing import Any

from torch import Tensor, nn

from torchbook.explain.failing_code import TORCH, FailingCode, is_own, registered

_MOST = 6
# Below these functions is the code of whoever intercepts torch's calls, no longer the code that made the call.
_HANDLERS = ("__torch_function__", "__torch_dispatch__")


@dataclass(frozen=True)
class TracebackContext:
    """The place where an error happened.

    `layer` is the innermost module whose `forward` was running and `path` its name in the outermost one; `arguments`
    are the names in the innermost function of torch that is written in Python; `code` is the innermost line that the
    person wrote, and `tensors` are those that its failing expression names. `command` is the function whose arguments
    are the options of a command, where the person wrote no code at all but called one.
    """

    layer: nn.Module | None = None
    path: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    code: FailingCode = field(default_factory=FailingCode)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    command: dict[str, Any] | None = None

    @classmethod
    def of(cls, error: BaseException) -> "TracebackContext":
        """Returns the context of an error; an empty one if there is no traceback."""
        layer, root, arguments, own_code, command, handled = None, None, {}, None, None, False
        for trace in _steps(error.__traceback__):
            frame = trace.tb_frame
            handled = handled or frame.f_code.co_name in _HANDLERS
            if frame.f_code.co_filename.startswith(TORCH):
                arguments = dict(frame.f_locals)
            elif not handled and is_own(frame.f_code.co_filename):
                own_code = trace
            elif _is_recipe(frame.f_globals.get("__name__", "")) and frame.f_code.co_kwonlyargcount:
                command = {name: frame.f_locals.get(name) for name in _named_arguments(frame.f_code)}
            owner = frame.f_locals.get("self")
            if frame.f_code.co_name == "forward" and isinstance(owner, nn.Module):
                root, layer = root or owner, owner
        if own_code is None:
            return cls(layer, _path(root, layer), arguments, command=command)
        return cls(layer, _path(root, layer), arguments, FailingCode.of(own_code), _tensors(own_code))

    @property
    def names(self) -> Mapping[str, Any]:
        """The names that the failing line can see."""
        return self.code.names

    @property
    def seen(self) -> tuple[str, ...]:
        """The tensors of the failing expression in words, `x: float32 [3, 4]` each."""
        return tuple(f"{name}: {describe(value)}" for name, value in self.tensors.items())

    def name_of(self, fits: Callable[[Tensor], bool]) -> str:
        """Returns the name of the one tensor of the failing expression that fits.

        Where none or several do it is `x`, unless the expression calls another tensor so: then it is `tensor`.
        """
        names = [name for name, value in self.tensors.items() if fits(value)]
        if len(names) == 1:
            return names[0]
        return "tensor" if "x" in self.tensors and "x" not in names else "x"

    def name_of_dtype(self, dtype: str) -> str:
        """Returns the name of the one tensor of the failing expression that has a dtype, such as `float64`."""
        return self.name_of(lambda value: str(value.dtype) == f"torch.{dtype}")

    def tensor(self, name: str) -> Tensor | None:
        """Returns the tensor that torch's own function had under this name, None if there is none."""
        value = self.arguments.get(name)
        return value if isinstance(value, Tensor) else None

    def shape(self, name: str) -> list[int] | None:
        """Returns the shape of that tensor."""
        value = self.tensor(name)
        return None if value is None else list(value.shape)

    @property
    def layer_in_words(self) -> str:
        """The layer and its place in the model, ready for a sentence; "" for a module that is not torch's."""
        if self.layer is None or not type(self.layer).__module__.startswith("torch."):
            return ""
        call = f"{type(self.layer).__name__}({self.layer.extra_repr()})".replace(", bias=True", "")
        return f"the layer `{self.path}`, which is `{call}`," if self.path else f"the layer `{call}`"


def describe(value: Tensor) -> str:
    """Describes a tensor in a few words: `float32 [3, 4]`, with its device if that is not the CPU."""
    device = "" if value.device.type == "cpu" else f" on {value.device}"
    return f"{str(value.dtype).removeprefix('torch.')} {list(value.shape)}{device}"


def _steps(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _path(root: nn.Module | None, layer: nn.Module | None) -> str:
    if root is None:
        return ""
    return next((path for path, module in root.named_modules() if module is layer), "")


def _tensors(trace: TracebackType) -> dict[str, Tensor]:
    """Returns the tensors that the failing expression names, in its order."""
    frame = trace.tb_frame
    tensors: dict[str, Tensor] = {}
    for dotted in re.findall(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", _expression(frame.f_code, trace.tb_lasti)):
        first, *rest = dotted.split(".")
        value = frame.f_locals.get(first, frame.f_globals.get(first))
        name = first
        if rest and isinstance(value, nn.Module):
            name, value = f"{first}.{rest[0]}", registered(value, rest[0])
        if isinstance(value, Tensor) and len(tensors) < _MOST:
            tensors.setdefault(name, value)
    return tensors


def _is_recipe(module: str) -> bool:
    return module.startswith("torchbook.recipes.")


def _named_arguments(code: CodeType) -> tuple[str, ...]:
    """Returns the names of the arguments that can only be given by name."""
    return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]


def _expression(code: CodeType, instruction: int) -> str:
    """Returns the source of the expression that an instruction belongs to, as far as there is a source."""
    first, last, start, end = list(code.co_positions())[instruction // 2]
    if first is None or last is None:
        return ""
    lines = [linecache.getline(code.co_filename, number).encode() for number in range(first, last + 1)]
    if start is not None and end is not None:
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
    return b"".join(lines).decode(errors="replace")
