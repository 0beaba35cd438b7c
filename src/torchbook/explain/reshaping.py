"""Rules for the same numbers in another shape: reshape, view, permute, transpose, and dimensions that are not there."""

from torchbook.explain.rule import Match, Rule, product

_LIST = r"\[[\d, -]*\]"


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
    if sizes[:1] == [-1] and len(sizes) == 2 and tensor is not None and tensor.numel() == int(match["numbers"]):
        if tensor.dim() == 4:
            return (
                f"The batch has {tensor.shape[0]} examples of {tensor.numel() // tensor.shape[0]} numbers each:"
                f" `x.reshape(len(x), -1)`, and a `nn.Linear` behind it takes"
                f" {tensor.numel() // tensor.shape[0]} features, not {sizes[1]}."
            )
        divisors = [size for size in range(2, tensor.numel()) if tensor.numel() % size == 0]
        if divisors and tensor.dim() == 1:
            near = sorted(sorted(divisors, key=lambda size: abs(size - sizes[1]))[:2])
            return (
                f"Rows of {' or '.join(map(str, near))} numbers fit. If rows of {sizes[1]} are right, the tensor has"
                " numbers too many or too few: look at where it was made."
            )
    return (
        "Reshaping keeps every number, so the sizes must multiply to the same count; let one be worked out with `-1`,"
        " as in `x.reshape(len(x), -1)`."
    )


def _valid_dimensions(match: Match) -> str:
    low, high, dim = int(match["low"]), int(match["high"]), match["dim"]
    count = high + 1
    where = f"{count} dimension{'s' if count > 1 else ''}"
    return f"Dimension {dim} does not exist: the tensor has {where} here, so `dim` may be {low} to {high}."


RULES = (
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
        "numpy-reshape",
        "shape",
        r"cannot reshape array of size (?P<numbers>\d+) into shape (?P<shape>\([\d,]*\))",
        "The NumPy array holds {numbers} numbers, and the shape {shape} has room for another count.",
        "The sizes must multiply to {numbers}; one of them may be `-1`.",
        ("reshape",),
    ),
)
