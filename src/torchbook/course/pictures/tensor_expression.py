"""Reads arithmetic on tensors that a reader has typed, and computes it operation by operation.

Nothing is evaluated as Python: the tree of the expression is walked, and what is not arithmetic on tensors is refused.
"""

import ast
import difflib
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from torchbook.errors import TorchbookError

MOST, DIMENSIONS, LONGEST = 144, 3, 200  # elements and dimensions of a tensor, letters of an expression
_REDUCTIONS = re.compile("sum|mean|prod|std|var|amax|amin|argmax|argmin")
_PRODUCTS = re.compile("matmul|mm")
_METHODS = re.compile(
    "view|reshape|flatten|unsqueeze|squeeze|permute|transpose|t|swapaxes|movedim|expand|narrow|select|contiguous|clone|"
    "half|float|double|long|int|short|byte|bool|to|abs|neg|square|sqrt|exp|log|relu|sigmoid|tanh|round|clamp|flip|roll|"
    "diagonal|cumsum|item"
)
_LARGER = re.compile("repeat")  # methods that take more memory than they are given
_MAKERS = re.compile("tensor|zeros|ones|arange|linspace|full|eye")
_EXPECTED = "expected arithmetic on tensors, such as [[1], [2]] * [3, 4]"
_OPTIONS = ("dim", "keepdim", "dtype", "correction", "min", "max")
_SIGNS: dict[type[ast.AST], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.MatMult: ("@", operator.matmul),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}


@dataclass(frozen=True)
class Operand:
    """A tensor that meets another, and the piece of the expression that gives it."""

    node: ast.expr
    tensor: Tensor

    @property
    def code(self) -> str:
        """The expression that gives the tensor."""
        return ast.unparse(self.node)

    @property
    def has_new_dimension(self) -> bool:
        """True if the expression itself asks for a size of 1, by `None`, `unsqueeze` or `keepdim`."""
        return any(
            (isinstance(node, ast.Constant) and node.value is None)
            or (isinstance(node, ast.Attribute) and node.attr == "unsqueeze")
            or (isinstance(node, ast.keyword) and node.arg == "keepdim")
            for node in ast.walk(self.node)
        )

    @property
    def dimension_gone(self) -> int:
        """The dimension that a reduction has taken away without `keepdim`; 0 if there was none, or it was the first."""
        match self.node:
            case ast.Call(func=ast.Attribute(attr=name)) if _REDUCTIONS.fullmatch(name):
                dim, keep = _dim_of(self.node)
                return 0 if dim is None or keep else dim % (self.tensor.ndim + 1)
        return 0


@dataclass(frozen=True)
class Operation:
    """Two tensors that met under a sign, or one that was reduced along `dim` (`None`: all of it). Without a `result`,
    `error` is what PyTorch said of it."""

    code: str
    sign: str
    left: Operand
    right: Operand | None
    result: Tensor | None = None
    dim: int | None = None
    error: str = ""


def compute(expression: str, tensors: Mapping[str, Tensor]) -> tuple[Tensor | None, list[Operation]]:
    """Returns the tensor that an expression of tensors gives, and its operations in their order.

    A list of numbers is a tensor too, as in `[[1], [2]] - a`. The tensor is `None` where the last operation failed.

    Raises:
        TorchbookError: it is no arithmetic on tensors, gives no tensor, or one of more than 144 elements.
    """
    tree = _tree(expression)
    reader = _Reader(tensors, MOST, DIMENSIONS)
    try:
        result = reader.value(tree)
    except _Failed:
        return None, reader.operations
    except (RuntimeError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise TorchbookError(str(error).splitlines()[0]) from error
    return result if isinstance(result, Tensor) else torch.tensor(result), reader.operations


def tensor_of(expression: str, tensors: Mapping[str, Tensor], *, most: int, dimensions: int) -> Tensor:
    """Returns the tensor that an expression of tensors gives, of at most so many elements and dimensions.

    Raises:
        TorchbookError: it is no arithmetic on tensors, or gives no tensor or a larger one; and what PyTorch raises.
    """
    try:
        result = _Reader(tensors, most, dimensions).value(_tree(expression))
    except _Failed as failed:
        raise failed.__cause__ or failed from None
    if not isinstance(result, Tensor):
        raise TorchbookError(f"{expression} gives no tensor, but {result!r}")
    return result


def _tree(expression: str) -> ast.expr:
    if len(expression) > LONGEST:
        raise TorchbookError(f"an expression of {len(expression)} letters; here at most {LONGEST} have room")
    if not expression.strip():
        raise TorchbookError(f"nothing is typed; {_EXPECTED}")
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise TorchbookError(f"{expression!r} is no expression: {getattr(error, 'msg', error)}") from error


class _Failed(Exception):
    """PyTorch has refused an operation of two tensors."""


class _Reader:
    def __init__(self, tensors: Mapping[str, Tensor], most: int, dimensions: int) -> None:
        self.tensors, self.most, self.dimensions = tensors, most, dimensions
        self.operations: list[Operation] = []

    def value(self, node: ast.expr) -> Any:
        """Computes a piece of the expression: a tensor or a number."""
        result = self._computed(node)
        if isinstance(result, Tensor) and (result.numel() > self.most or result.ndim > self.dimensions):
            room = f"at most {self.dimensions} dimensions and {self.most:,} elements have room"
            _refuse(node, f"has the shape {list(result.shape)}, and here {room}")
        return result

    def _computed(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=bool() | int() | float()):
                return node.value
            case ast.List():
                return torch.tensor(_plain(node))
            case ast.Name(id=name):
                if name not in self.tensors:
                    raise TorchbookError(f"{name} is no tensor here{_known(name, list(self.tensors))}")
                return self.tensors[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.value(operand)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                return self._meet(node, *_SIGNS[type(sign)], left, right)
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _SIGNS:
                return self._meet(node, *_SIGNS[type(sign)], left, right)
            case ast.Attribute(value=owner, attr="T" | "mT" as name):
                return getattr(self._tensor(owner), name)
            case ast.Subscript(value=owner, slice=index):
                return self._tensor(owner)[self._index(index)]
            case ast.Call(func=ast.Attribute(value=owner, attr=name)):
                return self._called(node, owner, name)
        return _refuse(node, "is not possible here")

    def _called(self, node: ast.Call, owner: ast.expr, name: str) -> Any:
        of_torch = isinstance(owner, ast.Name) and owner.id == "torch"
        if _PRODUCTS.fullmatch(name) and len(factors := [*([] if of_torch else [owner]), *node.args]) == 2:
            return self._meet(node, "@", getattr(torch, name), *factors)
        arguments, options = _arguments(node)
        if of_torch and _MAKERS.fullmatch(name):
            make = getattr(torch, name)
            self._refuse_large(node, make(*arguments, **options, device="meta"))
            return make(*arguments, **options)
        if not of_torch and _LARGER.fullmatch(name):
            tensor = self._tensor(owner)
            self._refuse_large(node, getattr(tensor.to("meta"), name)(*arguments))
            return getattr(tensor, name)(*arguments)
        if not of_torch and _METHODS.fullmatch(name):
            return getattr(self._tensor(owner), name)(*arguments, **options)
        if not of_torch and _REDUCTIONS.fullmatch(name):
            tensor = self._tensor(owner)
            result = getattr(tensor, name)(*arguments, **options)
            dim, _ = _dim_of(node)
            along = None if dim is None else dim % max(1, tensor.ndim)
            self.operations.append(Operation(ast.unparse(node), name, Operand(owner, tensor), None, result, along))
            return result
        if not of_torch and not hasattr(self._tensor(owner), name):
            raise AttributeError(f"'Tensor' object has no attribute {name!r}")
        return _refuse(node, "is not possible here")

    def _refuse_large(self, node: ast.expr, asked: Tensor) -> None:
        """Refuses what is too large by a tensor on `meta`, which has the size and takes no memory."""
        if asked.numel() > self.most:
            _refuse(node, f"has more than {self.most:,} elements")

    def _index(self, node: ast.expr) -> Any:
        match node:
            case ast.Slice():
                return slice(*(part and ast.literal_eval(part) for part in (node.lower, node.upper, node.step)))
            case ast.Tuple(elts=parts):
                return tuple(map(self._index, parts))
            case ast.Compare():
                return self.value(node)
        return _plain(node)

    def _tensor(self, node: ast.expr) -> Tensor:
        result = self.value(node)
        return result if isinstance(result, Tensor) else _refuse(node, "is no tensor")

    def _meet(self, node: ast.expr, sign: str, work: Callable[[Any, Any], Any], left: ast.expr, right: ast.expr) -> Any:
        values = self.value(left), self.value(right)
        if not any(isinstance(value, Tensor) for value in values):
            # A power of plain numbers has no bound: 9**9**9 would compute for ever.
            return _refuse(node, "is too much") if sign == "**" else work(*values)
        if sign == "@":
            if not all(isinstance(value, Tensor) for value in values):
                raise TorchbookError(f"{ast.unparse(node)}: @ takes two tensors, and * multiplies by a plain number")
            if max(value.ndim for value in values) > 2:
                _refuse(node, "has more dimensions than a matrix")
        # A plain number meets every element. It is shown as a tensor without a dimension, and computed as it is.
        operands = Operand(left, torch.as_tensor(values[0])), Operand(right, torch.as_tensor(values[1]))
        try:
            result = work(*values)
        except RuntimeError as error:
            self.operations.append(Operation(ast.unparse(node), sign, *operands, error=str(error).splitlines()[0]))
            raise _Failed from error
        self.operations.append(Operation(ast.unparse(node), sign, *operands, result))
        return result


def _refuse(node: ast.expr, reason: str) -> Any:
    raise TorchbookError(f"{ast.unparse(node)} {reason}; {_EXPECTED}")


def _known(name: str, names: list[str]) -> str:
    """Returns which tensors there are instead of one that there isn't, and the one that may have been meant."""
    listed = " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    verb = "there is" if len(names) < 2 else "there are"
    meant = difflib.get_close_matches(name, names, n=1)
    return f"; {verb} {listed or 'none'}" + (f"; did you mean {meant[0]}?" if meant else "")


def _arguments(node: ast.Call) -> tuple[list[Any], dict[str, Any]]:
    """Returns the arguments of a call, which are plain numbers, lists and names of dtypes."""
    if any(keyword.arg not in _OPTIONS for keyword in node.keywords):
        _refuse(node, "has an argument that is not known here")
    named = {str(keyword.arg): _plain(keyword.value) for keyword in node.keywords}
    return [_plain(argument) for argument in node.args], named


def _dim_of(node: ast.Call) -> tuple[int | None, bool]:
    """Returns the one dimension along which a call reduces, if there is one, and whether it is kept."""
    arguments, options = _arguments(node)
    dim = options.get("dim", arguments[0] if arguments else None)
    return dim if type(dim) is int else None, bool(options.get("keepdim", len(arguments) > 1 and arguments[1]))


def _plain(node: ast.expr) -> Any:
    if isinstance(node, ast.Attribute) and isinstance(getattr(torch, node.attr, None), torch.dtype):
        return getattr(torch, node.attr)
    match node:
        case ast.BinOp(left=ast.List() as items, op=ast.Mult(), right=ast.Constant(value=int() as times)):
            if len(items.elts) * times > LONGEST:
                _refuse(node, "is too long")
            return _plain(items) * times
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() as sign, right=right):
            numbers = _plain(left), _plain(right)
            if all(type(number) is int for number in numbers):
                return _SIGNS[type(sign)][1](*numbers)
    try:
        return ast.literal_eval(node)
    except ValueError:
        return _refuse(node, "is no plain number")
