"""Rules for shapes that do not fit number by number: in an operation, in place, in an assignment."""

import ast
from typing import Any

from torch import Tensor, nn

from torchbook.explain.failing_code import text_of
from torchbook.explain.rule import Match, Rule

_LIST = r"\[[\d, -]*\]"


def _broadcast(match: Match) -> str:
    described = " and ".join(f"`{name}` has shape {shape}" for name, shape in _operands(match).items())
    return (
        (f"{described}: " if described else "Two tensors should be combined number by number, but ")
        + f"in dimension {match['dim']} one has {match['a']} entries and the other {match['b']}. Sizes are compared "
        "from the last dimension backwards; each pair must be equal, or one of them 1."
    )


def _broadcast_fix(match: Match) -> str:
    shapes = _operands(match)
    sizes = {int(match["a"]), int(match["b"])}
    dims = max(map(len, shapes.values()), default=0)
    pictures = [shape for shape in shapes.values() if len(shape) in (3, 4) and shape[-3] == 4 and shape[-1] > 4]
    others = [shape for shape in shapes.values() if shape not in pictures]
    # A batch of four is no picture of four channels: then the other side has one number for each of three channels.
    channels = all(len(shape) < 4 and shape[-2:] == [1, 1] for shape in others) or dims == 4
    if sizes == {3, 4} and pictures and channels and int(match["dim"]) == dims - 3:
        return (
            "A picture with transparency (as many PNG have it) has 4 channels: read it as "
            "`Image.open(path).convert('RGB')`, or leave the last out, `x[:3]`."
        )
    if prediction := _scores_compared(match):
        return (
            "On one side is a number for every class (scores, or labels one-hot), on the other one class for each"
            f" example: take the class of the largest number first, `{prediction}`."
        )
    if labels := _labels_subtracted(match):
        return (
            f"The model gives several numbers for each example, and `{labels}` holds one. If they are classes, the loss"
            f" is `nn.CrossEntropyLoss()(scores, {labels}.long())`; if a quantity, the last layer needs one output, and"
            f" the labels its shape, `{labels}.unsqueeze(1)`."
        )
    node: Any = match.context.code.expression
    pair = list(shapes.values())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and len(pair) == 2 and _can_multiply(*pair):
        left, right = shapes
        product = (
            f"If a matrix product is meant, it is written `@`: `{left} @ {right}` gives {[pair[0][0], pair[1][1]]}."
        )
        turned = f" To multiply number by number turn one: `{left}.T` has shape {pair[0][::-1]}, which fits."
        return product + (turned if _can_broadcast(pair[0][::-1], pair[1]) else "")
    if match.context.code.function == "forward" and _adds(match):
        return (
            "In a skip connection both sides need the same channels and size: bring `x` there by a convolution of its"
            " own, `nn.Conv2d(channels_in, channels_out, kernel_size=1, stride=...)`, or keep channels and size"
            " (`padding`)."
        )
    if any(_reduces(part) for part in match.context.code.parts()):
        return (
            "A mean (or sum) along a dimension takes that dimension away: keep it with size 1,"
            " `x.mean(dim=1, keepdim=True)`, and it fits."
        )
    for (name, shape), wanted in zip(shapes.items(), reversed(shapes.values())):
        for place in range(1, len(shape) + 1):
            wider = [*shape[:place], 1, *shape[place:]]
            if len(wider) <= len(wanted) and _can_broadcast(wider, wanted):
                return f"Add the dimension that is missing: `{name}.unsqueeze({place})` has shape {wider}, which fits."
    for (name, shape), wanted in zip(shapes.items(), reversed(shapes.values())):
        if len(shape) == 2 and _can_broadcast(shape[::-1], wanted):
            return f"Perhaps one is the wrong way round: `{name}.T` has shape {shape[::-1]}, which fits."
    for (name, shape), wanted in zip(shapes.items(), reversed(shapes.values())):
        for ones in range(2, len(wanted) - len(shape) + 1):
            wider = shape + [1] * ones
            if _can_broadcast(wider, wanted):
                sizes_in_words = ", ".join(map(str, wider))
                return f"Add the dimensions that are missing: `{name}.reshape({sizes_in_words})` fits."
    if len(pair) == 2 and len(pair[0]) == len(pair[1]) and pair[0][1:] == pair[1][1:]:
        return (
            f"There are {pair[0][0]} of the one and {pair[1][0]} of the other, and each needs its partner: look at"
            " where they come from (another batch or set, a part that was left out). To add a dimension would pair each"
            " with each."
        )
    differ = [place for place, (one, other) in enumerate(zip(*pair)) if one != other and 1 not in (one, other)]
    if len(pair) == 2 and len(pair[0]) == len(pair[1]) > 1 and len(differ) == 1:
        long = max(shapes, key=lambda name: shapes[name][differ[0]])
        least = min(shape[differ[0]] for shape in pair)
        part = ", ".join([":"] * differ[0] + [f":{least}"])
        return (
            f"Only dimension {differ[0]} differs: `{long}` is longer there. Make both alike where they come from; of a"
            f" table of positions take the first, `{long}[{part}]`."
        )
    squares = {name: shape[-1] for name, shape in shapes.items() if len(shape) > 1 and shape[-1] == shape[-2]}
    if len(squares) == 2 and set(squares.values()) == sizes:
        long, short = sorted(squares, key=lambda name: -squares[name])
        least = squares[short]
        if len(shapes[long]) >= len(shapes[short]) and "mask" not in long:
            return (
                f"`{long}` has {squares[long]} rows and columns, `{short}` has {least}: bring both to one size where"
                " they come from (pictures are resized or cropped)."
            )
        return (
            f"`{long}` is made for {squares[long]} rows and columns, `{short}` has {least}: make both for the same"
            f" length, or take a part, `{long}[..., :{least}, :{least}]`."
        )
    vector = next(((name, shape) for name, shape in _known(match).items() if len(shape) == 1), None)
    if vector and set(vector[1]) <= sizes and len(sizes) == 2:
        other = (sizes - set(vector[1])).pop()
        return (
            f"`{vector[0]}` has {vector[1][0]} numbers, and the other side {other} in its last dimension: give"
            f" `{vector[0]}` {other}, one for each column."
        )
    return (
        "Print both shapes. A missing dimension of size 1 is added with `b.unsqueeze(1)` (or `b[:, None]`); a wrong "
        "order is put right with `.T` or `.permute(...)`."
    )


def _scores_compared(match: Match) -> str:
    """Returns the classes predicted by scores [n, classes] that are compared with labels [n]; "" for all else."""
    code, node = match.context.code, match.context.code.expression
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
        sides: tuple[Any, ...] = (node.left, node.comparators[0])
    elif isinstance(node, ast.Call) and text_of(node.func).rpartition(".")[2] in ("eq", "ne"):
        sides = (*node.args, getattr(node.func, "value", node))[:2]
    else:
        return ""
    for scores, labels in (sides, sides[::-1]):
        table, numbers = code.value(scores), code.value(labels)
        if not isinstance(numbers, Tensor) or numbers.dim() != 1 or numbers.is_floating_point():
            continue
        # What a call gave is not known any more; only a model is certain to give scores.
        of_a_model = isinstance(scores, ast.Call) and isinstance(code.value(scores.func), nn.Module)
        if of_a_model or (isinstance(table, Tensor) and table.dim() == 2 and table.is_floating_point()):
            return f"{text_of(scores) or 'scores'}.argmax(1)"
    return ""


def _labels_subtracted(match: Match) -> str:
    """Returns the name of labels [n] in a loss that compares them with predictions [n, several]; "" for all else."""
    node = match.context.code.expression
    pair: list[Any] = list(match.context.arguments.get("tensors", ()))  # a loss broadcasts predictions and labels first
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        pair = [match.context.code.value(side) for side in (node.left, node.right)]
        # What a model gave has a history, and labels have their name; else the difference may be of any two tables.
        from_model = any(isinstance(x, Tensor) and x.requires_grad and x.dim() == 2 for x in pair)
        if not from_model and not {text_of(node.left), text_of(node.right)} & {"labels", "targets", "classes"}:
            return ""
    for predictions, labels in (pair, pair[::-1]) if len(pair) == 2 else ():
        if not isinstance(predictions, Tensor) or not isinstance(labels, Tensor):
            continue
        if predictions.dim() == 2 and list(labels.shape) == [predictions.shape[0]] != [predictions.shape[1]]:
            return next((name for name, x in match.context.tensors.items() if x is labels), "labels")
    return ""


def _known(match: Match) -> dict[str, list[int]]:
    """Returns the shapes of those sides of the failing operator that are tensors with a name."""
    node: Any = match.context.code.expression
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    values = {text_of(side): match.context.code.value(side) for side in sides}
    return {name: list(value.shape) for name, value in values.items() if isinstance(value, Tensor)}


def _reduces(node: ast.AST) -> bool:
    """Returns True for `x.mean(dim=1)` and its like, which leave the dimension out."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    named = {item.arg: text_of(item.value) for item in node.keywords}
    along = named.get("dim", named.get("axis", text_of(node.args[0]) if node.args else ""))
    reduces = node.func.attr in ("mean", "sum", "std", "norm", "amax", "amin")
    return reduces and along in ("1", "-1") and not {"keepdim", "keepdims"} & set(named)


def _can_multiply(left: list[int], right: list[int]) -> bool:
    """Returns True if two shapes are those of a matrix product."""
    return len(left) == len(right) == 2 and left[1] == right[0]


def _adds(match: Match) -> bool:
    """Returns True if pictures (or feature maps) are added."""
    node = match.context.code.expression
    adds = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Add)
    return adds and any(value.dim() == 4 for value in match.context.tensors.values())


def _operands(match: Match) -> dict[str, list[int]]:
    """Returns the shapes of the two tensors that do not fit, by their names in the line; empty if not certain."""
    shapes = _known(match)
    if len(shapes) != 2:
        shapes = {name: list(value.shape) for name, value in match.context.tensors.items()}
    if len(shapes) != 2:
        return {}
    dims = max(map(len, shapes.values()))
    sizes = [([1] * (dims - len(shape)) + shape)[int(match["dim"])] for shape in shapes.values()]
    return shapes if sorted(sizes) == sorted([int(match["a"]), int(match["b"])]) else {}


def _fill_fix(match: Match) -> str:
    target, given = match.sizes("target"), match.sizes("given")
    call = match.context.code.call
    if call is not None and text_of(call.func).rpartition(".")[2] in ("expand", "expand_as", "broadcast_to"):
        return (
            "`expand` repeats only along a dimension of size 1: make one, `x.unsqueeze(...)`, or put copies side by"
            " side with `x.repeat(1, 2)`."
        )
    if len(given) <= len(target) and given[-1] != target[-1] and given[-1] not in target:
        return (
            f"{given[-1]} numbers do not go into {target[-1]}: choose as many as there are places, or make the tensor"
            " that is written into as large."
        )
    return (
        "Give it the shape of the place, or a size of 1 there so that it is repeated: `x.unsqueeze(...)`,"
        " `x.reshape(...)`."
    )


def _arrays_fix(match: Match) -> str:
    for part in match.context.code.parts():
        if isinstance(part, ast.keyword) and part.arg == "axis" and text_of(part.value) in ("1", "-1"):
            return (
                "A mean over `axis=1` has one number for each row: keep its dimension, `x.mean(axis=1, keepdims=True)`,"
                " or take the mean of each column, `axis=0`."
            )
    node: Any = match.context.code.expression
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (None, None)
    a, b = match.sizes("a"), match.sizes("b")
    for shape, side, other in ((a, sides[0], b), (b, sides[1], a)):
        if len(shape) == 1 and len(other) == 2 and shape[0] == other[0] != other[1]:
            return (
                "There is one number for each row: make a column of them,"
                f" `{text_of(side) or 'b'}[:, None]` has shape ({shape[0]}, 1), which fits."
            )
        if len(shape) == 1 and len(other) == 2:
            return f"Give `{text_of(side) or 'b'}` {other[1]} numbers, one for each column; it has {shape[0]}."
        if len(shape) == len(other) == 2 and _can_broadcast(shape[::-1], other):
            return f"Perhaps one is the wrong way round: `{text_of(side) or 'a'}.T` has shape {tuple(shape[::-1])}."
    return "Print both `.shape`s: where do they differ, and which of the two should be otherwise?"


def _can_broadcast(shape: list[int], other: list[int]) -> bool:
    """Returns True if the two shapes can be broadcast."""
    return all(a == b or 1 in (a, b) for a, b in zip(reversed(shape), reversed(other)))


RULES = (
    Rule(
        "broadcast",
        "shape",
        r"The size of tensor a \((?P<a>\d+)\) must match the size of tensor b \((?P<b>\d+)\) at non-singleton "
        r"dimension (?P<dim>\d+)",
        _broadcast,
        _broadcast_fix,
        ("broadcasting", "shape"),
    ),
    Rule(
        "in-place-broadcast",
        "shape",
        rf"output with shape (?P<a>{_LIST}) doesn't match the broadcast shape (?P<b>{_LIST})",
        "An operation in place (`+=`, `add_`) writes into the left tensor, of shape {a}, but the result has shape {b} "
        "and does not fit in.",
        "Make a new tensor: `a = a + b` instead of `a += b`.",
        ("in-place operation", "broadcasting"),
    ),
    Rule(
        "does-not-fit-in",
        "shape",
        r"The expanded size of the tensor \((?P<want>\d+)\) must match the existing size \((?P<got>\d+)\) at "
        rf"non-singleton dimension (?P<dim>\d+)\. +Target sizes: (?P<target>{_LIST})\. +Tensor sizes: "
        rf"(?P<given>{_LIST})",
        "A tensor of shape {given} should fill a place of shape {target}, but in dimension {dim} it has {got} numbers "
        "where {want} are needed.",
        _fill_fix,
        ("broadcasting", "shape"),
    ),
    Rule(
        "expand-too-few-sizes",
        "shape",
        rf"expand\(torch\.\w+\{{(?P<given>{_LIST})\}}, size=(?P<target>{_LIST})\): the number of sizes provided",
        "`expand` can add dimensions in front but take none away: from {given} to {target} is not possible.",
        "Name a size for every dimension, with `-1` for those that stay as they are.",
        ("broadcasting", "shape"),
    ),
    Rule(
        "assign-shapes",
        "shape",
        rf"shape mismatch: value tensor of shape (?P<given>{_LIST}) cannot be broadcast to indexing result of shape "
        rf"(?P<target>{_LIST})",
        "On the left of `=` {target} places are chosen, on the right there are values of shape {given}.",
        "Choose the same places on both sides, for example `a[mask] = b[mask]`.",
        ("broadcasting", "shape"),
    ),
    Rule(
        "numpy-broadcast",
        "shape",
        r"operands could not be broadcast together with shapes (?P<a>\([\d,]*\)) (?P<b>\([\d,]*\))",
        "Two NumPy arrays of shapes {a} and {b} should be combined number by number; their sizes, compared from the "
        "last backwards, must be equal or 1.",
        _arrays_fix,
        ("broadcasting", "shape"),
    ),
)
