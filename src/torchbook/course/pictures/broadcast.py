"""`Broadcast`: how the operands of an expression are stretched until they meet, step by step."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
import traitlets
from torch import Tensor

from torchbook.course.pictures.picture import Picture
from torchbook.course.pictures.still_axes import drawing, rectangle, text_element
from torchbook.course.pictures.tensor_expression import Operand, Operation, compute
from torchbook.errors import TorchbookError

CELL = 34
_RED = "#c5281c"
_FILLS = {"left": "--tb-blue-soft", "right": "--tb-orange-soft", "result": "--tb-raised"}


class Broadcast(Picture, parts=("moving.js", "playing.js", "grid.js")):
    """The operations of an expression of tensors, each in steps: sizes are lined up from the right, missing ones filled
    with 1, sizes of 1 stretched, then the numbers meet. What is repeated is a ghost, for nothing is copied. A matrix
    product goes cell by cell, a row against a column; a sum or a mean shows the dimension that goes.

    The reader types the expression and the tensors; it is computed by `tensor_expression`, never run as Python.
    `choices` are expressions to choose. Stretching is red where it is likely to be an accident: two operands with
    equally many numbers are both stretched, or the dimension that a mean has taken away comes back in another place.

        Broadcast("a - b", {"a": torch.arange(3).view(3, 1), "b": torch.arange(3)}, place="rule")

    It is a source of values: `picture.result` is the tensor that the expression gives, `None` where it gives none.

    Raises:
        TorchbookError: the expression is no arithmetic on tensors, or one of them has more than 144 elements.
    """

    answers = True
    expression = traitlets.Unicode("").tag(sync=True)
    typed: Any = traitlets.Dict().tag(sync=True)  # the tensors as the reader types them, by name
    step = traitlets.Int(0).tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    shown: Any = traitlets.Dict().tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self,
        expression: str,
        tensors: Mapping[str, Tensor],
        *,
        choices: Sequence[str] = (),
        step: int = 0,
        place: str = "",
    ):
        typed = {name: written(tensor) for name, tensor in tensors.items()}
        super().__init__(expression=expression, typed=typed, choices=list(choices), step=step, place=place)
        self._given = dict(zip(typed.values(), tensors.values()))  # as they are, until the reader types others
        self.result: Tensor | None = None
        self.observe(self._follow, names=["expression", "typed"])
        self.observe(self._describe, names="step")
        self._follow()
        if self.message:
            raise TorchbookError(self.message)

    def _follow(self, *_: Any) -> None:
        """Computes the expression, and what there is to show of it."""
        try:
            tensors = {name: self._typed_tensor(text) for name, text in self.typed.items()}
            self.result, operations = compute(self.expression, tensors)
        except TorchbookError as error:
            self.message = str(error)
            return
        with self.hold_sync():
            self.message = ""
            self.shown = {
                "operations": [_described(operation) for operation in operations],
                "stages": [
                    {"of": number, **stage} for number, each in enumerate(operations) for stage in _stages(each)
                ],
                "result": written(self.result) if self.result is not None else "",
            }
            self._describe()

    def _typed_tensor(self, text: str) -> Tensor:
        if text in self._given:
            return self._given[text]
        tensor, _ = compute(text, {})
        return torch.empty(0) if tensor is None else tensor

    def _describe(self, *_: Any) -> None:
        stages = self.shown["stages"]
        if not stages:
            self.alternative = f"{self.expression} gives {self.shown['result']}. No two tensors meet in it."
            return
        stage = stages[min(self.step, len(stages) - 1)]
        operation = self.shown["operations"][stage["of"]]
        self.alternative = (
            f"{operation['code']}: {stage['caption']} Step {min(self.step, len(stages) - 1) + 1} of {len(stages)}."
        )

    def still(self) -> str:
        """Draws the operands and the result as far as the step goes; a product with its row beside its column."""
        if not self.shown["stages"]:
            return super().still()
        stage = self.shown["stages"][min(self.step, len(self.shown["stages"]) - 1)]
        operation = self.shown["operations"][stage["of"]]
        parts = [
            text_element(operation["code"], 4, 16, bold=True),
            text_element(stage["caption"], 4, 38, colour="var(--tb-quiet)"),
        ]
        wide, high, at = 420, 0, {"x": 4, "y": 54}
        for side in ("left", "right", "result"):
            shape = stage.get(side) or (operation[side] or {}).get("shape")
            if shape is None:
                continue
            columns, rows = (shape or [1])[-1], torch.Size(shape[:-1]).numel()
            if operation["sign"] == "@" and side == "left":
                at["y"] += 20 + CELL * (operation["right"]["shape"] or [1])[0]
            y = 54 if operation["sign"] == "@" and side == "right" else at["y"]
            if side != "result" or stage["done"]:
                parts += _cells(operation, side, shape, (at["x"], y))
            wide, high = max(wide, at["x"] + columns * CELL), max(high, y + rows * CELL + 4)
            if operation["sign"] != "@" or side == "left":
                at["x"] += columns * CELL + 24
        return drawing(wide, high, self.alternative, *parts)


def written(tensor: Tensor) -> str:
    """Returns a tensor as the list that gives it, with four digits."""
    return str(_lists(tensor.tolist()))


def _lists(values: Any) -> Any:
    if isinstance(values, list):
        return [_lists(value) for value in values]
    return float(f"{values:.4g}") if isinstance(values, float) else values


def _cells(operation: Mapping[str, Any], side: str, shape: Sequence[int], corner: tuple[int, int]) -> Iterator[str]:
    """Yields the cells of a tensor that is stretched to a shape, row by row, as SVG."""
    own, texts = operation[side]["shape"], operation[side]["texts"]
    values = torch.arange(len(texts)).view(own).expand(shape).reshape(-1).tolist()
    seen: set[int] = set()
    for number, value in enumerate(values):
        ghost = value in seen
        seen.add(value)
        row, column = divmod(number, (shape or [1])[-1])
        x, y = corner[0] + column * CELL, corner[1] + row * CELL
        line = f"stroke:{_RED if operation['red'] else 'var(--tb-quiet)'};stroke-dasharray:3 3;fill:none"
        style = line if ghost else f"fill:var({_FILLS[side]})"
        yield rectangle(x, y, CELL - 4, CELL - 4, style, round=4)
        quiet = "var(--tb-quiet)" if ghost else "var(--tb-ink)"
        yield text_element(texts[value], x + CELL / 2 - 2, y + CELL / 2 + 2, middle=True, colour=quiet, size=11)


def _held(operand: Operand | None) -> dict[str, Any] | None:
    return None if operand is None else {"code": operand.code, **_values(operand.tensor)}


def _values(tensor: Tensor) -> dict[str, Any]:
    return {"shape": list(tensor.shape), "texts": [_text(value) for value in tensor.reshape(-1).tolist()]}


def _text(value: float | int | bool) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return (f"{value:.3g}" if isinstance(value, float) else str(value)).replace("-", "−")


def _described(operation: Operation) -> dict[str, Any]:
    """Returns what a page shows of an operation in all of its steps."""
    return {
        "code": operation.code,
        "sign": operation.sign,
        "left": _held(operation.left),
        "right": _held(operation.right),
        "result": None if operation.result is None else _values(operation.result),
        "dim": operation.dim,
        "error": operation.error,
        "red": accident(operation),
    }


def accident(operation: Operation) -> str:
    """Returns why a stretching is likely to be an accident, in words, or nothing."""
    left, right = operation.left, operation.right
    if right is None or operation.sign == "@" or operation.result is None:
        return ""
    shape, count = operation.result.shape, left.tensor.numel()
    both = all(each.tensor.shape != shape for each in (left, right))
    if both and count == right.tensor.numel() and not (left.has_new_dimension or right.has_new_dimension):
        return (
            f"Each side has {count} numbers, and the result has {operation.result.numel()}: everyone met everyone. "
            "Was each meant to meet its partner?"
        )
    for one, other in ((left, right), (right, left)):
        gone = one.dimension_gone
        if gone and one.tensor.ndim < other.tensor.ndim and one.tensor.ndim > 0:
            return f"Dimension {gone} went away in {one.code}, and the new 1 is put in front. Keep it: keepdim=True."
    return ""


def _stages(operation: Operation) -> list[dict[str, Any]]:
    """Returns the steps of an operation: a caption, the shapes to which the operands are stretched, and how many cells
    of the result are done."""
    if operation.right is None:
        return _reduction_stages(operation)
    if operation.sign == "@":
        return _product_stages(operation, operation.left.tensor, operation.right.tensor)
    return _stretching_stages(operation, operation.left, operation.right)


def _reduction_stages(operation: Operation) -> list[dict[str, Any]]:
    shape, dim, result = list(operation.left.tensor.shape), operation.dim, operation.result
    what = "all numbers" if dim is None else f"dimension {dim}, of size {shape[dim]}"
    after = "" if result is None else f". The result has the shape {list(result.shape)}"
    return [
        {"caption": f"Before: the shape is {shape}.", "done": 0},
        {
            "caption": f"{operation.sign} goes through {what}{after}.",
            "done": result.numel() if result is not None else 0,
        },
    ]


def _stretching_stages(operation: Operation, left: Operand, right: Operand) -> list[dict[str, Any]]:
    own = [list(each.tensor.shape) for each in (left, right)]
    ndim = max(map(len, own))
    shapes = [[1] * (ndim - len(shape)) + shape for shape in own]
    number = "" if own[0] and own[1] else " A single number has no dimensions."
    stages = [_stage(f"Line the shapes up from the right: {own[0]} and {own[1]}.{number}", own)]
    if own != shapes:
        shorter = left if len(own[0]) < ndim else right
        missing = abs(len(own[0]) - len(own[1]))
        ones = "A 1 is" if missing == 1 else f"{missing} ones are"
        stages.append(_stage(f"{shorter.code} has fewer dimensions. {ones} put in front.", shapes))
    for dim in reversed(range(ndim)):
        one, other = shapes[0][dim], shapes[1][dim]
        if one == other:
            continue
        if 1 not in (one, other):
            caption = f"Dimension {dim}: {one} and {other} differ, and neither is 1. An error."
            return [*stages, _stage(caption, shapes)]
        size = one if other == 1 else other
        shapes = [[*shape[:dim], size, *shape[dim + 1 :]] for shape in shapes]
        side = left if one == 1 else right
        stages.append(_stage(f"Dimension {dim}: the 1 of {side.code} is repeated {size} times.", shapes))
    if operation.result is None:
        return [*stages, _stage(f"{operation.error}.", shapes)]
    caption = accident(operation) or f"Number by number: the result has the shape {shapes[0]}."
    return [*stages, _stage(caption, shapes, operation.result.numel())]


def _product_stages(operation: Operation, left: Tensor, right: Tensor) -> list[dict[str, Any]]:
    sizes = f"{list(left.shape)} and {list(right.shape)}"
    inner = [*left.shape[-1:], *right.shape[-2 if right.ndim > 1 else -1 :][:1]]
    if operation.result is None:
        fit = len(set(inner)) < len(inner) == 2
        reason = (
            f"{operation.error}." if fit else f"the inner sizes, {' and '.join(map(str, inner))}, differ. An error."
        )
        return [{"caption": f"{sizes}: {reason}", "done": 0}]
    stages = [{"caption": f"{sizes}: the inner sizes are both {inner[0]}, and they vanish.", "done": 0}]
    rows, columns = left.reshape(-1, inner[0]), right.reshape(inner[0], -1)
    for done, (row, column) in enumerate(itertools.product(range(len(rows)), range(columns.shape[1])), 1):
        terms = [f"{_text(a)}·{_text(b)}" for a, b in zip(rows[row].tolist(), columns[:, column].tolist())]
        total = _text(operation.result.reshape(-1)[done - 1].item())
        stages.append({"caption": f"Row {row} against column {column}: {' + '.join(terms)} = {total}.", "done": done})
    return stages


def _stage(caption: str, shapes: Sequence[Sequence[int]], done: int = 0) -> dict[str, Any]:
    return {"caption": caption, "left": list(shapes[0]), "right": list(shapes[1]), "done": done}
