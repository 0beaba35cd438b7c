"""Compares what came back with what was expected: structure first, then values, and says the difference in words.

Nothing is broadcast or converted: `tensor(6)`, `tensor([6])` and `6` are three different things. Right answers written
another way stay right: a list is as good as a tuple, an int as good as the float of the same value. What is compared is
`frozen`: of exactly the types that are named here, so that no class of an answer decides whether its objects are right.
"""

import math
import types
from collections.abc import Callable, Sequence, Set
from itertools import combinations
from typing import Any

import numpy as np
import torch
from torch import Tensor

from torchbook.course.grading.describe import Sizes, described, named, number, plain, told_apart
from torchbook.course.grading.frozen import SCALARS, TENSORS

# Relative tolerance of each number format; the absolute one is a tenth of it times the largest expected value.
TOLERANCES = {torch.float64: 1e-6, torch.float32: 1e-4, torch.float16: 1e-2, torch.bfloat16: 3e-2}


def structure(expected: Any, got: Any, sizes: Sizes, where: str = "the result") -> str | None:
    """What differs in type, length, shape, dtype, device or requires_grad, in one or two sentences, or None."""
    if expected is None or got is None:
        if expected is got:
            return None
        if got is None:
            is_of_a_call = where == "the result" or where.endswith(("` returned", ")`"))
            missing = " Is a `return` missing?" if is_of_a_call else ""
            return f"{where} is None, expected {described(expected, sizes)}.{missing}"
        return f"{where} is {described(got, sizes)}, expected None."
    kind, got_kind = type(expected), type(got)
    if kind is dict and got_kind is dict:
        if not _are_same_keys(expected.keys(), got.keys()):
            return f"{where} has the keys {list(got)}, expected {list(expected)}."
        return _first(structure(expected[key], got[key], sizes, inner(where, key)) for key in expected)
    if kind in (list, tuple) and got_kind in (list, tuple):
        if len(expected) != len(got):
            of_a_list = _lengths(len(expected), len(got)) if isinstance(got, list) else ""
            return f"{where} has {len(got)} item{'s' * (len(got) != 1)}, expected {len(expected)}.{of_a_list}"
        message = _first(structure(e, g, sizes, inner(where, i)) for i, (e, g) in enumerate(zip(expected, got)))
        return message and message + _exchanged(expected, got, sizes)
    if kind in TENSORS and got_kind in TENSORS:
        return _tensors(expected, got, sizes, where)
    if kind is np.ndarray and got_kind is np.ndarray:
        if expected.shape != got.shape:
            return f"{where} has the shape {list(got.shape)}, expected {list(expected.shape)}."
        if expected.dtype != got.dtype:
            return f"{where} is {got.dtype}, expected {expected.dtype}."
        return structure(list(expected.flat), list(got.flat), sizes, where) if expected.dtype.kind == "O" else None
    if kind is got_kind and kind in (set, frozenset) and not _are_same_keys(expected, got):
        return f"{where} is {got!r}, expected {expected!r}."
    if kind is not got_kind and not (kind is float and got_kind is int):
        return f"{where} is {described(got, sizes)}, expected {described(expected, sizes)}." + _kind(expected, got)
    return None


def _are_same_keys(expected: Set[Any], got: Set[Any]) -> bool:
    """Returns True if two sets of keys are equal, and no object only says of itself that it is one of them."""
    return expected == got and all(
        type(key) in (*SCALARS, tuple) or any(key is other for other in expected) for key in got
    )


def _kind(expected: Any, got: Any) -> str:
    """Says how a value of another type is the expected one, where that can be seen."""
    if isinstance(got, types.GeneratorType):
        return " It comes of a `yield`, or of a `for` in round brackets: return all of it at once."
    if isinstance(got, str) and isinstance(expected, int | float):
        return " That is text: leave out the quotes, or `str`."
    if isinstance(expected, int | float) and isinstance(got, Tensor) and got.numel() == 1:
        return " `.item()` takes the number out of a tensor."
    if isinstance(expected, Tensor) and isinstance(got, int | float):
        return " Return the tensor itself, without `.item()` or `float`: a plain number has no gradient."
    return ""


def _lengths(expected: int, got: int) -> str:
    """Says what a list of another length may come from."""
    if got == 1 and expected > 2:
        return " Only one. If there is a loop: is the `return` inside it, or the list made anew in each turn?"
    if got == expected - 1:
        return " One is missing: does a loop end too early, or begin too late?"
    return " There is one too many." if got == expected + 1 else ""


def _exchanged(expected: Sequence[Any], got: Sequence[Any], sizes: Sizes) -> str:
    """Names two items of which each has the type and shape, and the values, of the other."""
    for first, second in combinations(range(len(expected)), 2):
        for one, other in ((first, second), (second, first)):
            if structure(expected[one], got[other], sizes) or values(expected[one], got[other], sizes, words=False):
                break
        else:
            return f" Items {first} and {second} are exchanged."
    return ""


def _tensors(expected: Tensor, got: Tensor, sizes: Sizes, where: str) -> str | None:
    if isinstance(expected, torch.nn.Parameter) and not isinstance(got, torch.nn.Parameter):
        return f"{where} is a plain tensor, expected an nn.Parameter."
    if expected.shape != got.shape:
        return f"{where} has the shape {named(got.shape, sizes)}, expected {named(expected.shape, sizes)}." + _shapes(
            list(expected.shape), list(got.shape), sizes
        )
    for word in ("dtype", "device", "requires_grad"):
        wanted, found = getattr(expected, word), getattr(got, word)
        if wanted == found:
            continue
        if word == "dtype":
            return f"{where} is {plain(found)}, expected {plain(wanted)} (its dtype)."
        if word == "device":
            return f"{where} is on the device {found}, expected {wanted}."
        if wanted:
            return (
                f"{where} is cut off from the computation graph (requires_grad is False), "
                "no gradient flows through it. Look for detach, item, data, no_grad, numpy or torch.tensor(...) "
                "on the way to it."
            )
        return f"{where} requires a gradient, expected one that does not."
    return None


def _shapes(expected: list[int], got: list[int], sizes: Sizes) -> str:
    """What happened to the dimensions, where that can be seen."""
    if sorted(expected) == sorted(got):
        return " The dimensions are there, in another order."
    if len(expected) == len(got) > 0 and expected[1:] == got[1:]:
        return "" if got[0] in sizes.values() else _lengths(expected[0], got[0])  # the size of something else
    if [n for n in expected if n != 1] == [n for n in got if n != 1]:
        more = len(got) > len(expected)
        return f" {'There is a dimension of size 1 too many' if more else 'A dimension of size 1 is missing'}."
    if not got:
        return " All values were reduced to a single number: over which dimension should it go?"
    if not expected:
        return " One number is asked for, and these are several: is a mean or a sum missing?"
    if math.prod(expected) == math.prod(got):
        return " The number of values is right."
    return ""


def values(
    expected: Any,
    got: Any,
    sizes: Sizes,
    where: str = "the result",
    *,
    rtol: float | None = None,
    atol: float | None = None,
    words: bool = True,
) -> str | None:
    """Where the values of two things of the same structure differ, or None; without `words` only that they do, fast."""

    def deeper(e: Any, g: Any, key: Any) -> str | None:
        return values(e, g, sizes, inner(where, key), rtol=rtol, atol=atol, words=words)

    if isinstance(expected, dict):
        return _first(deeper(expected[key], got[key], key) for key in expected)
    if isinstance(expected, np.ndarray) and expected.dtype.kind == "O":
        expected, got = list(expected.flat), list(got.flat)
    if isinstance(expected, list | tuple):
        return _first(deeper(e, g, i) for i, (e, g) in enumerate(zip(expected, got)))
    if isinstance(expected, np.ndarray):
        if expected.dtype.kind not in "biuf":
            return None if np.array_equal(expected, got) else f"{where} has other values than expected."
        expected, got = torch.from_numpy(expected.copy()), torch.from_numpy(np.array(got))
    if isinstance(expected, Tensor):
        if expected.numel() == 0 or expected.device.type == "meta":
            return None
        expected, got = expected.detach(), got.detach()
        if torch.equal(expected, got):
            return None
        close = _close(expected, got, TOLERANCES.get(expected.dtype, 0.0) if rtol is None else rtol, atol)
        if bool(close.all()):
            return None
        return (
            _wrong_values(expected, got, close, sizes, where) if words else f"{where} has other values than expected."
        )
    if isinstance(expected, float):
        if _close_numbers(expected, float(got), 1e-4 if rtol is None else rtol, atol):
            return None
        if not words:
            return f"{where} is not as expected."
        e, g = torch.tensor([expected, float(got)], dtype=torch.float64)
        found, wanted = told_apart(got, expected)
        return f"{where} is {found}, expected {wanted}." + pattern(e, g, sizes)
    return None if expected is got or expected == got else f"{where} is {got!r}, expected {expected!r}."


def _wrong_values(expected: Tensor, got: Tensor, close: Tensor, sizes: Sizes, where: str) -> str:
    wrong = int((~close).sum())
    first = tuple((~close).nonzero()[0].tolist())
    gap = (expected.to(torch.float64) - got.to(torch.float64)).abs().nan_to_num(nan=-1.0, posinf=math.inf)
    largest = np.unravel_index(int(gap.argmax()), gap.shape)
    found, wanted = told_apart(got[first], expected[first])
    message = f"{where} is {found}, expected {wanted}."
    if expected.ndim:
        message = (
            f"{where} has the right shape {named(expected.shape, sizes)}, "
            f"but {wrong} of {close.numel()} values are wrong. "
            f"The first at {list(first)} is {found}, expected {wanted}."
        )
        if wrong > 1 and gap[largest] > 0:
            place = [int(index) for index in largest]
            message += f" The largest difference, {number(gap[largest])}, is at {place}."
    return message + pattern(expected, got, sizes) + picture(close)


def _close_numbers(expected: float, got: float, rtol: float, atol: float | None) -> bool:
    if expected == got or (math.isnan(expected) and math.isnan(got)):
        return True
    smallest = max(rtol / 10 * abs(expected), rtol / 100) if atol is None else atol
    return math.isfinite(expected) and abs(got - expected) <= smallest + rtol * abs(expected)


def _close(expected: Tensor, got: Tensor, rtol: float, atol: float | None) -> Tensor:
    if not (expected.is_floating_point() or expected.is_complex()):
        return expected == got
    if atol is None:
        finite = expected[expected.isfinite()].abs()
        atol = max(rtol / 10 * float(finite.max()) if finite.numel() else 0.0, rtol / 100)
    return torch.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)


def pattern(expected: Tensor, got: Tensor, sizes: Sizes) -> str:
    """How all values are wrong in the same way, as a sentence: a sign, a factor, an offset, an order."""
    e, g = expected.to(torch.float64), got.to(torch.float64)
    if not bool(e.isfinite().all()):
        return ""
    if bool(g.isnan().any()):
        return " Some values are not a number (nan): an overflow, a division 0 / 0, the log of a negative number?"
    if not bool(g.isfinite().all()):
        return " Some values are infinite: an overflow, a division by zero, the log of zero?"

    def alike(a: Tensor, b: Tensor) -> bool:
        return bool(_close(a, b, 1e-4, None).all())

    several = e.numel() > 1 and float(e.abs().max()) > 0
    if message := _rounded(e, g, several):
        return message
    if float(e.abs().max()) > 0:
        if alike(-e, g):
            return " Each value has the wrong sign." if several else " The sign is wrong."
        factor = float((e * g).sum() / (e * e).sum())
        meaning = _factor(factor, sizes)
        if factor and alike(e * factor, g) and (several or meaning):
            if f"{factor:.4g}" == "1":
                return " Only the first digits are right: was something rounded, or of a smaller dtype, on the way?"
            each = "Each value" if several else "It"
            return f" {each} is {factor:.4g} times what is expected.{meaning}"
    if several:
        offset = float((g - e).mean())
        if alike(e + offset, g):
            return f" Each value is {abs(offset):.4g} too {'large' if offset > 0 else 'small'}."
        if e.ndim == 2 and e.shape[0] == e.shape[1] and alike(e.T, g):
            return " It is the transpose of what is expected."
        if bool((e > 0).all()) and alike(e.log(), g):
            return " It is the logarithm of what is expected."
        if alike(e.flatten().sort().values, g.flatten().sort().values):
            return " The values are right, their order is not."
        return _rows(e, g, alike)
    return _limit(e, g) if e.numel() == 1 else ""


def _rounded(expected: Tensor, got: Tensor, several: bool) -> str:
    """Says that the values were rounded, or lost their fractions: all of them, and none by chance."""
    if torch.equal(expected, expected.round()) or not bool(got.any()):
        return ""
    # A single 0 or 1 comes about in many other ways.
    if torch.equal(got, expected.trunc()) and (several or abs(float(got)) > 1):
        return " The fraction is lost: `//`, `int` and tensors of whole numbers throw it away."
    for digits in (0, 1, 2, 3):
        near = (got - expected.round(decimals=digits)).abs() <= 1e-6 * expected.abs().clamp(min=1.0)
        # A number of few digits is what it is by chance too often; a rounded one has lost something.
        if bool(near.all()) and (several or digits > 1) and bool(((got - expected).abs() > 1e-6).any()):
            places = f" to {digits} digit{'s' * (digits > 1)}" if digits else " to whole numbers"
            return f" {'The values are' if several else 'It is'} rounded{places}."
    return ""


def _rows(expected: Tensor, got: Tensor, alike: Callable[[Tensor, Tensor], bool]) -> str:
    """Says that the rows are right up to a place and zero from there, or that all are the same."""
    if expected.ndim < 1 or len(expected) < 3:
        return ""
    part = "row" if expected.ndim > 1 else "value"
    zero = got.reshape(len(got), -1).abs().amax(dim=1) == 0
    right = torch.tensor([alike(e, g) for e, g in zip(expected, got)])
    if bool(right[0]) and bool(zero[1:].all()):
        return f" Only the first {part} is right, the others are 0: is a `return` inside the loop?"
    if bool(right[:-1].all()) and bool(zero[-1]):
        return f" The last {part} is 0, all others are right: does a loop end too early?"
    if bool(right[1:].all()) and bool(zero[0]):
        return f" The first {part} is 0, all others are right: does a loop begin too late?"
    same = all(alike(got[0], each) for each in got)
    if same and not zero[0] and not all(alike(expected[0], each) for each in expected):
        return f" Each {part} is the same."
    return ""


def _limit(expected: Tensor, got: Tensor) -> str:
    """Says that a loss is the logarithm of a small power of ten, with which somebody avoids the logarithm of zero."""
    power = float(got.abs()) / math.log(10)
    if abs(power - round(power)) < 1e-4 and 4 <= round(power) <= 20 and float(expected.abs()) > float(got.abs()) + 1:
        return f" That is the logarithm of 1e-{round(power)}: was it added, or the probability cut off there?"
    return ""


def _factor(factor: float, sizes: Sizes) -> str:
    """What a factor means: per cent, a size, or one over a size; 2 is too often the 2 of a square.

    Which of several equal sizes it is cannot be told from a number.
    """
    for wanted, sentence in (
        (factor, "a sum where a mean is asked, or a mean below the line?"),
        (1 / factor if factor else 0.0, "a mean where a sum is asked, or a sum below the line?"),
    ):
        over = "" if wanted is factor else "one over "
        names = [name for name, size in sizes.items() if size > 2 and math.isclose(wanted, size, rel_tol=1e-4)]
        if names:
            return f" That is {over}the size of " + " or ".join(f"`{name}`" for name in names) + f": {sentence}"
        for (one, first), (other, second) in combinations(sizes.items(), 2):
            if min(first, second) > 1 and first * second > 4 and math.isclose(wanted, first * second, rel_tol=1e-4):
                return f" That is {over}the sizes of `{one}` and `{other}` multiplied: {sentence}"
    return " That is in per cent, and the share was asked for." if math.isclose(factor, 100, rel_tol=1e-4) else ""


def picture(close: Tensor) -> str:
    """A small map of right (·) and wrong (x) values, where there are some of both and it fits."""
    rows = close.reshape(1, -1) if close.ndim == 1 else close
    if rows.ndim != 2 or rows.shape[0] > 16 or rows.shape[1] > 32 or not bool(close.any()):
        return ""
    return "\n" + "\n".join("    " + " ".join("·" if right else "x" for right in row) for row in rows.tolist())


def inner(where: str, key: Any) -> str:
    """The name of a part of something."""
    if isinstance(key, int):
        return f"item {key} of {where}"
    return f"`{key}`" if where == "the result" else f"`{key}` of {where}"


def _first(messages: Any) -> str | None:
    return next((message for message in messages if message), None)
