"""Rules for tensors that are joined: cat, stack and the examples of a batch."""

from torchbook.explain.objects import NO_FILES, is_from_files
from torchbook.explain.rule import Match, Rule

_LIST = r"\[[\d, -]*\]"


def _joins_a_batch(match: Match) -> bool:
    """Returns True if a data loader joined the tensors, as the examples of a batch."""
    return "collate_fn_map" in match.context.arguments


def _stack_fix(match: Match) -> str:
    a, b = match.sizes("a"), match.sizes("b")
    if len(a) == len(b) == 3 and a[1:] == b[1:] and {a[0], b[0]} <= {1, 2, 3, 4}:
        return "Only the channels differ: read all pictures as one kind, `Image.open(path).convert('RGB')`."
    if sorted([1, *a]) == sorted(b) or sorted([1, *b]) == sorted(a):
        return (
            "One has a dimension of size 1 more: add it to the other, `x.unsqueeze(0)`, or take it away, `squeeze(0)`."
        )
    if not _joins_a_batch(match):
        return (
            "Bring all to one size first (resize or crop pictures, pad sequences), or join along the dimension that "
            "differs with `torch.cat`."
        )
    if len(a) > 2:
        return "Bring all to one size in `__getitem__`: resize or crop the pictures."
    return (
        "Cut all to one length in `__getitem__`, or pad each batch: give the loader a `collate_fn` that calls "
        "`torch.nn.utils.rnn.pad_sequence(examples, batch_first=True)`."
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


RULES = (
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
)
