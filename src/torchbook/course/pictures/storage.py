"""`Storage`: a tensor as what it is, a row of numbers in memory and a rule that finds each element there."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import traitlets
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, rectangle, text_element
from torchbook.course.pictures.tensor_expression import tensor_of
from torchbook.errors import TorchbookError

MOST = 64  # elements, so that each has its place
STEPS = ("", "t.T", "t.reshape(-1)", "t[:, 1:]", "t[::2]", "t.unsqueeze(0)")
CELL = 46
_EXPECTED = "Type numbers in brackets, as [[1, 2], [3, 4]]."
_PARTS = {
    torch.float16: {"sign": 1, "exponent": 5, "fraction": 10},
    torch.bfloat16: {"sign": 1, "exponent": 8, "fraction": 7},
    torch.float32: {"sign": 1, "exponent": 8, "fraction": 23},
    torch.float64: {"sign": 1, "exponent": 11, "fraction": 52},
}
_BITS = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


class Storage(Picture, parts=("moving.js", "grid.js")):
    """The storage of a tensor as one row of cells, and the rule above it: element `[i, j]` lies at
    `offset + i * stride[0] + j * stride[1]`.

    The reader points at an element and sees where it lies and its bits, turns a bit over, types numbers or an
    expression of `t`, and sees whether the result is a view of the same memory or a copy. Each of `steps` is an
    expression of `t` to choose, `""` is `t` itself; without steps nothing is typed. A vector with a `width` has a
    slider that lays it out in rows of that many, without the rest. With `pixels` each element is a grey pixel, as
    bright as its value: the tensor is a picture.

        Storage(torch.arange(12).view(3, 4), place="rule")
        Storage(face, steps=["", "t.view(4, 6)", "t.permute(1, 0)"], pixels=True)   # view scrambles, permute turns

    It is a source of values: `picture.tensor` is what the reader has typed, `picture.result` what became of it.

    Raises:
        TorchbookError: it has more than two dimensions, or more than 64 elements.
    """

    answers = True
    typed = traitlets.Unicode("").tag(sync=True)  # the numbers of `t` as the reader types them
    flipped: Any = traitlets.List().tag(
        sync=True
    )  # the bits of `t` that are turned over: [place, bit], the highest is 0
    pixels = traitlets.Bool(False).tag(sync=True)
    width = traitlets.Int(0).tag(sync=True)  # of the rows, 0: as it is
    step = traitlets.Unicode("").tag(sync=True)
    steps = traitlets.List(traitlets.Unicode()).tag(sync=True)
    given: Any = traitlets.Dict().tag(sync=True)
    shown: Any = traitlets.Dict().tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        tensor: Tensor,
        *,
        steps: Sequence[str] = STEPS,
        step: str = "",
        width: int = 0,
        pixels: bool = False,
        place: str = "",
    ):
        _check(tensor, "the tensor")
        super().__init__(steps=list(steps), step=step, width=width, pixels=pixels, place=place)
        self._base = self.tensor = self.result = tensor
        self.observe(self._read, names="typed")
        self.observe(self._flip, names="flipped")
        self.observe(self._follow, names=["step", "width"])
        self._follow()
        if self.message:
            raise TorchbookError(self.message)

    def still(self) -> str:
        """Draws the result as a grid, its storage as a row of at most 16 cells and so on, and the rule."""
        rows, storage = _rows(self.shown), self.shown["storage"]
        across = max(min(16, len(storage)), max((len(row) for row in rows), default=0), 8)
        width, y = across * CELL + 10, 24 + len(rows) * CELL
        parts = [text_element(self.shown["rule"], 4, 14, bold=True)]
        for number, row in enumerate(rows):
            parts += [self._cell(at, 24 + number * CELL, self.shown["texts"][k], True) for at, k in enumerate(row)]
        parts.append(text_element("the storage", 4, y + 30, colour="var(--tb-quiet)"))
        used = set(self.shown["places"])
        for at, text in enumerate(storage):
            parts.append(self._cell(at % 16, y + 38 + at // 16 * CELL, text, at in used))
        high = y + 46 + CELL * -(-len(storage) // 16)
        return drawing(width, high, self.alternative, *parts)

    def _cell(self, at: int, y: int, text: str, used: bool) -> str:
        x, fill = 4 + at * CELL, "var(--tb-blue-soft)" if used else "var(--tb-raised)"
        if self.pixels:
            values = [float(value) for value in self.shown["storage"]]
            low, high = min(values), max(values)
            fill = f"hsl(0 0% {100 * (float(text) - low) / (high - low or 1):.0f}%)"
        box = rectangle(x, y, CELL - 4, CELL - 8, f"fill:{fill}", round=4)
        return box + ("" if self.pixels else text_element(text, x + CELL / 2 - 2, y + CELL / 2, middle=True))

    def _read(self, _: Any) -> None:
        """Takes the tensor that was typed, numbers in brackets."""
        try:
            tensor = torch.tensor(ast.literal_eval(self.typed))
            _check(tensor, "what you typed")
        except (ValueError, SyntaxError, TypeError, RuntimeError, TorchbookError) as error:
            self.message = str(error) if isinstance(error, TorchbookError) else _EXPECTED
            return
        self._base = tensor
        self._flip()

    def _flip(self, *_: Any) -> None:
        """Turns bits over, in a copy of the memory: the tensor that was given stays as it is."""
        whole = torch.empty(0, dtype=self._base.dtype).set_(self._base.untyped_storage()).clone()
        size = whole.element_size()
        numbers = whole.view(_BITS[size]).numpy().view(f"u{size}")
        for place, bit in self.flipped:
            if place < len(numbers) and bit < 8 * size and whole.dtype != torch.bool:
                numbers[place] ^= np.array(1 << (8 * size - 1 - bit), numbers.dtype)
        base = self._base
        self.tensor = whole.as_strided(base.shape, base.stride(), base.storage_offset()) if self.flipped else base
        self._follow()

    def _follow(self, *_: Any) -> None:
        """Computes the chosen step of the tensor, and what there is to say of both."""
        try:
            result = evaluated(self.step, self.tensor)
            if self.width:
                result = result[: len(result) // self.width * self.width].view(-1, self.width)
            _check(result, self.step)
        except Exception as error:  # the expression is anybody's
            self.message = message_of(error)
            return
        self.result, self.message = result, ""
        with self.hold_sync():
            self.given, self.shown = described(self.tensor), described(result, of=self.tensor)
            self.alternative = _words(self.step or "t", self.shown)


def evaluated(expression: str, tensor: Tensor) -> Tensor:
    """Returns the tensor that an expression of `t` gives, `t` itself for an empty one. It may come from the address of
    a page, that is from anybody, and is never run as Python.

    Raises:
        TorchbookError: it is no arithmetic on tensors or gives something else; and what PyTorch raises.
    """
    return tensor_of(expression or "t", {"t": tensor}, most=65_536, dimensions=8)


def message_of(error: Exception) -> str:
    """Returns the one line that says what went wrong with an expression."""
    return str(error) if isinstance(error, TorchbookError) else f"{type(error).__name__}: {error}"


def described(tensor: Tensor, *, of: Tensor | None = None) -> dict[str, Any]:
    """Returns what a page shows of a tensor: its shape, stride and offset, the elements of its storage as text, the
    place of each element there, row by row, its bits, and whether it shares the memory `of` another."""
    whole = torch.empty(0, dtype=tensor.dtype).set_(tensor.untyped_storage())
    return {
        **facts_of(tensor, of),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "storage": [_text(value) for value in whole.tolist()],
        "exact": [f"{value:.9g}" if isinstance(value, float) else str(value) for value in whole.tolist()],
        "places": places_of(tensor),
        "texts": [_text(value) for value in tensor.reshape(-1).tolist()],
        "bits": bits(whole),
        "parts": _PARTS.get(tensor.dtype, {"bits": 8 * tensor.element_size()}),
    }


def facts_of(tensor: Tensor, of: Tensor | None) -> dict[str, Any]:
    """Returns shape, stride and offset of a tensor, the rule that they make, and whether it shares the memory `of`
    another."""
    return {
        "shape": list(tensor.shape),
        "stride": list(tensor.stride()),
        "offset": tensor.storage_offset(),
        "rule": rule_of(tensor),
        "shared": of is not None and tensor.untyped_storage().data_ptr() == of.untyped_storage().data_ptr(),
        "contiguous": tensor.is_contiguous(),
    }


def places_of(tensor: Tensor) -> list[int]:
    """Returns where each element lies in memory, in the order of reading."""
    room = tensor.untyped_storage().nbytes() // tensor.element_size()
    return torch.arange(room).as_strided(tensor.shape, tensor.stride(), tensor.storage_offset()).reshape(-1).tolist()


def bits(values: Tensor) -> list[str]:
    """Returns the bits of each number as they lie in memory, the highest first."""
    size = values.element_size()
    numbers = values.view(_BITS[size]).tolist()
    return [f"{number & ((1 << 8 * size) - 1):0{8 * size}b}" for number in numbers]


def _check(tensor: Tensor, what: str) -> None:
    if tensor.ndim > 3 or tensor.numel() > MOST or tensor.untyped_storage().nbytes() > MOST * tensor.element_size():
        shape = list(tensor.shape)
        raise TorchbookError(f"{what} has the shape {shape}; here at most 3 dimensions and {MOST} elements have room")


def _text(value: float | int | bool) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def rule_of(tensor: Tensor) -> str:
    """Returns the sentence that says at which place of the storage element `[i, j]` lies."""
    terms = [f"{stride} · {name}" for stride, name in zip(tensor.stride(), "ijk")]
    element = f"[{', '.join('ijk'[: tensor.ndim])}]"
    return f"element {element} lies at {' + '.join([str(tensor.storage_offset()), *terms])}"


def _rows(shown: Mapping[str, Any]) -> list[list[int]]:
    """Returns the numbers of the elements, row by row."""
    count = len(shown["texts"])
    length = shown["shape"][-1] if shown["shape"] else 1
    return [list(range(start, start + length)) for start in range(0, count, max(1, length))]


def _words(step: str, shown: Mapping[str, Any]) -> str:
    memory = "shares the memory of t" if shown["shared"] else "has a copy of its own"
    return (
        f"{step}: shape {shown['shape']}, stride {shown['stride']}, offset {shown['offset']}, {shown['dtype']}; it "
        f"{memory}. {shown['rule']}. Its storage: {', '.join(shown['storage'])}."
    )
