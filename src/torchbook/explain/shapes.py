"""Rules for errors of shapes: products, broadcasting, reshaping, concatenating, dimensions that do not exist."""

import ast
from typing import Any

from torch import Tensor, nn

from torchbook.explain.failing_code import text_of
from torchbook.explain.objects import NO_FILES, is_from_files
from torchbook.explain.rule import Match, Rule, product

_PAIR = r"\((?P<a>\d+x\d+) and (?P<b>\d+x\d+)\)"
_LIST = r"\[[\d, -]*\]"


def _matrix_product(match: Match) -> str:
    a, b = match.sizes("a"), match.sizes("b")
    if isinstance(match.context.layer, nn.Linear):
        layer = match.context.layer_in_words
        return (
            f"{layer[0].upper()}{layer[1:]} wants {b[0]} features in the last dimension, but its input has {a[1]}: the "
            f"shape of the input is {match.context.shape('input') or a}."
        )
    return (
        f"A matrix product needs the inner sizes to be equal: {a} @ {b} has {a[1]} columns on the left and {b[0]} rows "
        "on the right."
    )


def _matrix_product_fix(match: Match) -> str:
    a, b = match.sizes("a"), match.sizes("b")
    if isinstance(match.context.layer, nn.Linear):
        return _linear_fix(match.context.shape("input") or a, b[0], b[1])
    if a[1] == b[1]:
        return f"Transpose the right one: `a @ b.T` is {a} @ {b[::-1]} and gives {[a[0], b[0]]}."
    if a[0] == b[0]:
        return f"Transpose the left one: `a.T @ b` is {a[::-1]} @ {b} and gives {[a[1], b[1]]}."
    if a[0] == b[1]:
        return f"Exchange the two: `b @ a` is {b} @ {a} and gives {[b[0], a[1]]}."
    return "Print both shapes with `.shape` and ask which dimension should be summed over: that size must be in both."


def _linear_fix(shape: list[int], features: int, outputs: int) -> str:
    flat = product(shape[1:])
    if len(shape) == 1 and shape[0] != features and shape[0] % features == 0:
        return (
            f"The {shape[0]} numbers are perhaps {shape[0] // features} examples in one row: `x.flatten(1)` keeps the"
            " examples apart, `x.flatten()` does not."
        )
    if len(shape) > 2 and flat == features:
        return f"Make one row of each example first: `x.flatten(1)` turns {shape} into {[shape[0], flat]}."
    if len(shape) > 3:
        return (
            f"After a convolution flatten the picture, `x.flatten(1)`, which gives {[shape[0], flat]}, and make the "
            f"layer `nn.Linear({flat}, {outputs})`."
        )
    return (
        f"Make the layer `nn.Linear({shape[-1]}, {outputs})`, or give it {features} features: print `x.shape` before "
        "it."
    )


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
    channels_first = any(len(shape) in (3, 4) and shape[-3] == 4 for shape in shapes.values())
    if sizes == {3, 4} and channels_first:
        return (
            "A picture with transparency (as many PNG have it) has 4 channels: read it as "
            "`Image.open(path).convert('RGB')`, or leave the last out, `x[:3]`."
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


def _joins_a_batch(match: Match) -> bool:
    """Returns True if a data loader joined the tensors, as the examples of a batch."""
    return "collate_fn_map" in match.context.arguments


def _stack_fix(match: Match) -> str:
    if not _joins_a_batch(match):
        return (
            "Bring all to one size first (resize or crop pictures, pad sequences), or join along the dimension that "
            "differs with `torch.cat`."
        )
    if len(match.sizes("a")) > 2:
        return "Bring all to one size in `__getitem__`: resize or crop the pictures."
    return (
        "Cut all to one length in `__getitem__`, or pad each batch: give the loader a `collate_fn` that calls "
        "`torch.nn.utils.rnn.pad_sequence(examples, batch_first=True)`."
    )


def _known(match: Match) -> dict[str, list[int]]:
    """Returns the shapes of those sides of the failing operator that are tensors with a name."""
    node: Any = match.context.code.expression
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else ()
    values = {text_of(side): match.context.code.value(side) for side in sides}
    return {name: list(value.shape) for name, value in values.items() if isinstance(value, Tensor)}


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


def _can_broadcast(shape: list[int], other: list[int]) -> bool:
    """Returns True if the two shapes can be broadcast."""
    return all(a == b or 1 in (a, b) for a, b in zip(reversed(shape), reversed(other)))


def _reshape(match: Match) -> str:
    sizes, numbers = match.sizes("shape"), int(match["numbers"])
    if -1 in sizes:
        rest = product([size for size in sizes if size != -1])
        return (
            f"The tensor holds {numbers} numbers, which cannot be shared out over {sizes}: {numbers} is not a multiple "
            f"of {rest}."
        )
    return f"The tensor holds {numbers} numbers, but the shape {sizes} has room for {product(sizes)}."


def _reshape_fix(match: Match) -> str:
    sizes = match.sizes("shape")
    per_row = product(sizes[1:])
    tensor = next(iter(match.context.tensors.values()), None)
    rows = int(match["numbers"]) // per_row if per_row > 0 else 0
    if (
        len(sizes) > 1
        and tensor is not None
        and 0 < tensor.shape[0] == rows < sizes[0]
        and rows * per_row == tensor.numel()
    ):
        return (
            f"There are {rows} rows here, not {sizes[0]}: the last batch of a loader is smaller. Write no number for"
            " the batch, `x.reshape(len(x), -1)`."
        )
    return (
        "Reshaping keeps every number, so the sizes must multiply to the same count; let one be worked out with `-1`,"
        " as in `x.reshape(len(x), -1)`."
    )


def _cat(match: Match) -> str:
    return (
        f"`torch.cat` along dimension {match['dim']} needs all other sizes to be equal, but where the first tensor has "
        f"size {match['a']}, tensor number {match['i']} (counted from 0) has {match['b']}."
    )


def _cat_fix(match: Match) -> str:
    pictures = any(value.dim() == 4 for value in match.context.tensors.values())
    if pictures and int(match["dim"]) == 1:
        return (
            "The sizes of the pictures differ, as after halving an odd size and doubling it again: use pictures whose"
            " sizes can be halved that often (a multiple of 8 or 16), or bring one to the size of the other,"
            " `F.interpolate(a, size=b.shape[-2:])`."
        )
    return (
        "Join along the dimension in which they differ (`torch.cat(tensors, dim=...)`), or make the others equal first."
    )


def _valid_dimensions(match: Match) -> str:
    low, high, dim = int(match["low"]), int(match["high"]), match["dim"]
    count = high + 1
    where = f"{count} dimension{'s' if count > 1 else ''}"
    return f"Dimension {dim} does not exist: the tensor has {where} here, so `dim` may be {low} to {high}."


def _vectors(match: Match) -> str:
    return (
        f"A product of matrix and vector sums over the columns: the matrix is {match.sizes('mat')} and the vector "
        f"{match.sizes('vec')}."
    )


RULES = (
    Rule(
        "batches-of-matrices",
        "shape",
        r"batch[12] must be a 3D tensor",
        "`torch.bmm` multiplies two batches of matrices, [n, rows, columns] each, and one argument has another shape.",
        "Use `a @ b` (or `torch.matmul`), which takes matrices, batches of them, and both together.",
        ("matrix", "batch"),
    ),
    Rule(
        "matmul-shapes",
        "shape",
        rf"mat1 and mat2 shapes cannot be multiplied {_PAIR}",
        _matrix_product,
        _matrix_product_fix,
        ("matrix", "shape", "transpose"),
    ),
    Rule(
        "matrix-vector-shapes",
        "shape",
        r"size mismatch, got input \(\d+\), mat \((?P<mat>\d+x\d+)\), vec \((?P<vec>\d+)\)",
        _vectors,
        "The vector needs as many numbers as the matrix has columns; perhaps you want `matrix.T @ vector`.",
        ("matrix", "vector"),
    ),
    Rule(
        "dot-shapes",
        "shape",
        r"inconsistent tensor size, expected tensor \[(?P<a>\d+)\] and src \[(?P<b>\d+)\]",
        "A dot product multiplies numbers in pairs, but one vector has {a} numbers and the other {b}.",
        "Give both vectors the same length; print `a.shape` and `b.shape` to see which one is wrong.",
        ("vector",),
    ),
    Rule(
        "dot-needs-vectors",
        "shape",
        r"1D tensors expected, but got (?P<a>\d+)D and (?P<b>\d+)D tensors",
        "`torch.dot` takes two vectors (one dimension each), but got tensors of {a} and {b} dimensions.",
        "Use `a @ b` for matrices, or flatten both first: `torch.dot(a.flatten(), b.flatten())`.",
        ("vector", "matrix"),
    ),
    Rule(
        "batched-matmul-shapes",
        "shape",
        rf"Expected size for first two dimensions of batch2 tensor to be: (?P<want>{_LIST}) but got: (?P<got>{_LIST})",
        lambda match: (
            "In a product of batches of matrices the batch sizes must be equal and the right matrices need as many "
            f"rows as the left ones have columns: the right tensor should start with {match.sizes('want')} but starts "
            f"with {match.sizes('got')}."
        ),
        "Transpose the last two dimensions of one of them: `a @ b.transpose(-1, -2)`, or check where the sizes come "
        "from.",
        ("batch", "matrix", "transpose"),
    ),
    Rule(
        "needs-a-matrix",
        "shape",
        r"(?P<which>self|mat2|mat1|input) must be a matrix",
        "`torch.mm` multiplies two matrices (two dimensions each) and nothing else; one of its arguments is not a "
        "matrix.",
        "Use `a @ b` (or `torch.matmul`), which also takes vectors and batches of matrices.",
        ("matrix",),
    ),
    Rule(
        "matmul-with-a-scalar",
        "shape",
        r"both arguments to matmul need to be at least 1D, but they are (?P<a>\d+)D and (?P<b>\d+)D",
        "A matrix product needs at least vectors, but the arguments have {a} and {b} dimensions; a tensor of 0 "
        "dimensions is one number.",
        "To multiply by a number use `*` instead of `@`.",
        ("scalar", "matrix"),
    ),
    Rule(
        "einsum-shapes",
        "shape",
        r"einsum\(\): (?P<told>subscript (?P<letter>\w) has size (?P<b>\d+) for operand \d+ which does not broadcast "
        r"with previously seen size (?P<a>\d+))",
        "In this `einsum` the letter `{letter}` stands for a size of {a} in one tensor and of {b} in another; it must "
        "be one size.",
        "Check the order of the letters against the `.shape` of each tensor, or give one of them another letter.",
        ("matrix", "shape"),
    ),
    Rule(
        "einsum-letters",
        "shape",
        r"number of subscripts in the equation \((?P<letters>\d+)\) does not match the number of dimensions "
        r"\((?P<dims>\d+)\)",
        "`einsum` needs one letter for every dimension, but for a tensor of {dims} dimensions it was given {letters}.",
        "Print the `.shape` of each tensor and write as many letters; `...` stands for all that are not named.",
        ("shape",),
    ),
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
        "Give it the shape of the place, or a size of 1 there so that it is repeated: `x.unsqueeze(...)`, "
        "`x.reshape(...)`.",
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
        "view-not-contiguous",
        "shape",
        r"view size is not compatible with input tensor's size and stride",
        "`view` only looks at the same memory in another way, but the numbers of this tensor do not lie in the order "
        "that the new shape needs (after a `.T`, `.transpose` or `.permute` they do not: it is not contiguous).",
        "Use `x.reshape(...)`, which copies where it must, or `x.contiguous().view(...)`.",
        ("contiguous", "reshape", "stride"),
    ),
    Rule(
        "reshape-size",
        "shape",
        r"shape '(?P<shape>\[[\d, -]*\])' is invalid for input of size (?P<numbers>\d+)",
        _reshape,
        _reshape_fix,
        ("reshape", "shape"),
    ),
    Rule(
        "reshape-two-unknowns",
        "shape",
        r"only one dimension can be inferred",
        "A shape may contain only one `-1` (the size that torch works out); here there are several.",
        "Write all sizes but one as numbers: `x.reshape(x.shape[0], -1)`.",
        ("reshape",),
    ),
    Rule(
        "reshape-negative",
        "shape",
        rf"invalid shape dimension (?P<size>-\d+) at index (?P<i>\d+) of shape (?P<shape>{_LIST})",
        "A size cannot be negative: {size} at place {i} of the shape {shape}. Only `-1` has a meaning (work it out).",
        "Write the size as a positive number, or `-1` for one of them.",
        ("reshape", "shape"),
    ),
    Rule(
        "unflatten-sizes",
        "shape",
        rf"unflatten: Provided sizes (?P<sizes>{_LIST}) don't multiply up to the size of dim (?P<dim>\d+) "
        r"\((?P<size>\d+)\)",
        "Dimension {dim} has {size} numbers and cannot be split into {sizes}, because those sizes multiply to "
        "something else.",
        "Choose sizes whose product is {size}; one of them may be `-1`.",
        ("reshape", "flatten"),
    ),
    Rule(
        "cat-sizes",
        "shape",
        r"Sizes of tensors must match except in dimension (?P<dim>\d+)\. Expected size (?P<a>\d+) but got size "
        r"(?P<b>\d+) for tensor number (?P<i>\d+)",
        _cat,
        _cat_fix,
        ("shape", "stack"),
    ),
    Rule(
        "cat-dimensions",
        "shape",
        r"Tensors must have same number of dimensions: got (?P<a>\d+) and (?P<b>\d+)",
        "`torch.cat` joins tensors with the same number of dimensions, but got one with {a} and one with {b}.",
        "Add a dimension to the smaller one: `b.unsqueeze(0)`; to put equal shapes on top of each other use "
        "`torch.stack`.",
        ("stack", "squeeze"),
    ),
    Rule(
        "cat-scalars",
        "shape",
        r"zero-dimensional tensor \(at position (?P<i>\d+)\) cannot be concatenated",
        "`torch.cat` joins along a dimension, but tensor number {i} is a single number and has none.",
        "Use `torch.stack(numbers)`, which makes a new dimension.",
        ("scalar", "stack"),
    ),
    Rule(
        "cat-nothing",
        "value",
        r"expected a non-empty list of Tensors|stack expects a non-empty TensorList",
        "There is nothing to join: the list of tensors is empty.",
        lambda match: (
            NO_FILES
            if (call := match.context.code.call) and call.args and is_from_files(match, call.args[0])
            else "Look at why nothing was put into the list; print its `len` before this line."
        ),
        ("stack",),
    ),
    Rule(
        "cat-not-a-list",
        "python",
        r"(?P<name>cat|stack|vstack|hstack|concat)\w*\(\): argument 'tensors' \(position 1\) must be tuple of "
        r"Tensors, not Tensor",
        "`torch.{name}` takes one list of tensors; here it got a tensor.",
        "Put them into brackets: `torch.{name}([a, b])`.",
        ("stack",),
    ),
    Rule(
        "join-a-stranger",
        "python",
        r"expected Tensor as element (?P<i>\d+) in argument 0, but got (?P<type>\w+)",
        "Element {i} of the list to be joined is not a tensor but of type `{type}`.",
        lambda match: (
            "`__getitem__` gave None for an example: every path through it must end with `return ...`."
            if match["type"] == "NoneType" and _joins_a_batch(match)
            else "Put only tensors into the list: `torch.tensor(...)` makes one of a number; a `NoneType` comes from a "
            "function that returned nothing."
        ),
        ("tensor", "stack"),
    ),
    Rule(
        "stack-sizes",
        "shape",
        rf"stack expects each tensor to be equal size, but got (?P<a>{_LIST}) at entry 0 and (?P<b>{_LIST}) at entry "
        r"(?P<i>\d+)",
        "Tensors that are stacked must have the same shape, but the first has {a} and number {i} has {b}. In a data "
        "loader these are the examples of one batch.",
        _stack_fix,
        ("stack", "batch", "padding"),
    ),
    Rule(
        "permute-count",
        "shape",
        r"permute\(.*?input\.dim\(\) = (?P<have>\d+) is not equal to len\(dims\) = (?P<got>\d+)",
        "`permute` needs every dimension exactly once: the tensor has {have} dimensions and {got} were named.",
        lambda match: (
            "A grey picture, [height, width], has no channel dimension: add one in front, `x.unsqueeze(0)`."
            if (match["have"], match["got"]) == ("2", "3")
            else (
                f"Name all of 0 to {int(match['have']) - 1} in the new order; `x.permute(0, 3, 1, 2)` is for four "
                "dimensions. Print `x.shape` first."
            )
        ),
        ("permutation of dimensions", "shape"),
    ),
    Rule(
        "permute-twice",
        "shape",
        r"permute\(\): duplicate dims are not allowed",
        "`permute` was given one dimension twice; each must appear exactly once.",
        "Write the new order of all dimensions, as in `x.permute(2, 0, 1)`.",
        ("permutation of dimensions",),
    ),
    Rule(
        "t-needs-a-matrix",
        "shape",
        r"t\(\) expects a tensor with <= 2 dimensions, but self is (?P<dims>\d+)D",
        "`t()` transposes matrices, but this tensor has {dims} dimensions.",
        "Say which two to exchange: `x.transpose(-1, -2)`, or use `x.mT`.",
        ("transpose", "matrix"),
    ),
    Rule(
        "dimension-out-of-range",
        "shape",
        r"Dimension out of range \(expected to be in range of \[(?P<low>-?\d+), (?P<high>-?\d+)\], but got "
        r"(?P<dim>-?\d+)\)",
        _valid_dimensions,
        "Dimensions are counted from 0, and from the end with -1. Print `x.shape`; perhaps the batch dimension is "
        "missing (`x.unsqueeze(0)`).",
        ("shape", "squeeze"),
    ),
    Rule(
        "repeat-too-few",
        "shape",
        r"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor",
        "`repeat` needs one count for every dimension of the tensor; here there are fewer.",
        "Write a 1 for each dimension that stays: `x.repeat(2, 1)` puts a matrix twice below itself.",
        ("shape",),
    ),
    Rule(
        "split-sum",
        "shape",
        r"split_with_sizes expects split_sizes to sum exactly to (?P<size>\d+) \(input tensor's size at dimension "
        r"(?P<dim>-?\d+)\), but got split_sizes=(?P<sizes>\[[\d, ]*\])",
        "The parts {sizes} must add up to {size}, the size of the tensor in dimension {dim}.",
        "Put the sizes right, or give one number for equal parts: `x.split(10)`.",
        ("shape",),
    ),
    Rule(
        "topk-too-many",
        "value",
        r"selected index k out of range",
        "`topk` was asked for more values than there are in that dimension.",
        "Ask for at most `x.shape[dim]`: `x.topk(min(5, x.shape[-1]))`.",
        ("argmax",),
    ),
    Rule(
        "numpy-broadcast",
        "shape",
        r"operands could not be broadcast together with shapes (?P<a>\([\d,]*\)) (?P<b>\([\d,]*\))",
        "Two NumPy arrays of shapes {a} and {b} should be combined number by number; their sizes, compared from the "
        "last backwards, must be equal or 1.",
        lambda match: (
            "A mean over `axis=1` has one number for each row: keep its dimension, `x.mean(axis=1, keepdims=True)`, or"
            " take the mean of each column, `axis=0`."
            if any(isinstance(part, ast.keyword) and part.arg == "axis" for part in match.context.code.parts())
            else "Print both `.shape`s; `b[:, None]` adds a dimension of size 1."
        ),
        ("broadcasting", "shape"),
    ),
    Rule(
        "numpy-matmul",
        "shape",
        r"matmul: Input operand 1 has a mismatch in its core dimension \d+.*\(size (?P<b>\d+) is different from "
        r"(?P<a>\d+)\)|shapes \([\d,]*\) and \([\d,]*\) not aligned: (?P<a2>\d+) \(dim \d+\) != (?P<b2>\d+) \(dim",
        "A matrix product of NumPy arrays needs equal inner sizes: the left has {a} columns and the right {b} rows.",
        "Print both `.shape`s; perhaps one must be transposed: `a @ b.T`.",
        ("matrix", "transpose"),
    ),
    Rule(
        "numpy-reshape",
        "shape",
        r"cannot reshape array of size (?P<numbers>\d+) into shape (?P<shape>\([\d,]*\))",
        "The NumPy array holds {numbers} numbers, and the shape {shape} has room for another count.",
        "The sizes must multiply to {numbers}; one of them may be `-1`.",
        ("reshape",),
    ),
)
