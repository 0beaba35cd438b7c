"""Rules for errors of indexing: indices out of bounds, and tensors that are not a single number."""

import ast

from torch import Tensor

from torchbook.explain.data import beyond_the_data
from torchbook.explain.failing_code import text_of
from torchbook.explain.rule import Match, Rule

_LIST = r"\[[\d, ]*\]"


def _valid_indices(size: int) -> str:
    return "nothing can be chosen" if size == 0 else f"indices are 0 to {size - 1}, or -1 for the last"


def _embedding(match: Match) -> str:
    weight, indices = match.context.tensor("weight"), match.context.tensor("input")
    if weight is None or indices is None or not indices.numel():
        return "An index is larger than the number of rows, or negative."
    rows = weight.shape[0]
    low, high = int(indices.min()), int(indices.max())
    wrong = high if high >= rows else low
    return (
        f"The embedding has {rows} rows (its weights have shape {list(weight.shape)}), so indices must be 0 to "
        f"{rows - 1}, but one is {wrong}."
    )


def _scalar_fix(match: Match) -> str:
    """Says that a `squeeze` took the batch away, too, where there was one."""
    code = match.context.code
    if isinstance(code.statement, ast.For) and isinstance(code.statement.target, ast.Tuple):
        return (
            "Each entry of the tensor is one number, and there are several names for it: count along with"
            " `enumerate(x)`, or loop over two together with `zip(x, y)`."
        )
    for name in match.context.tensors:
        source = code.source_of(ast.Name(name))
        for part in ast.walk(source) if source is not None else ():
            if isinstance(part, ast.Call) and text_of(part.func).endswith("squeeze") and not part.args:
                return (
                    "`squeeze()` takes every dimension of size 1 away, that of a batch of one example, too: say which, "
                    "`squeeze(1)`."
                )
    return "Use it as it is, or make it a vector of one number: `x.reshape(1)`."


def _not_whole_fix(match: Match) -> str:
    """Says how an index is converted: a mask of zeros and ones to yes and no, for its numbers are no places."""
    node, code = match.context.code.expression, match.context.code
    index = node.slice if isinstance(node, ast.Subscript) else None
    if match["type"]:
        return (
            f"Convert it: `x[int({text_of(index) if isinstance(index, ast.Name) else 'i'})]`; whole division is `//`."
        )
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    values = {text_of(part): code.value(part) for part in parts}
    for name, value in values.items():
        if isinstance(value, Tensor) and value.is_floating_point():
            if value.numel() > 2 and bool(((value == 0) | (value == 1)).all()):
                return (
                    f"It is a mask of zeros and ones: make yes and no of it, `{name}.bool()`, or leave out `.float()`."
                )
            return f"Convert it: `{name}.long()`."
    return "Convert it: places by `indices.long()`, a mask of zeros and ones by `mask.bool()`."


def _one_number_fix(match: Match) -> str:
    call = match.context.code.call
    function = text_of(call.func) if call is not None else ""
    if call is not None and len(call.args) == 1 and function in ("int", "float"):
        given = text_of(call.args[0]) or "x"
        return (
            f"All of them are a list of Python numbers by `{given}.tolist()`; for one number choose it,"
            f" `{function}({given}[0])`, or make one of all first, such as their mean."
        )
    if function.startswith("math.") and call is not None:
        return f"Use torch's own function: `{function.replace('math', 'torch')}({text_of(call.args[0]) or 'x'})`."
    return (
        "Use torch's own function (`torch.exp(x)`), `torch.stack([a, b])` to put tensors together, or `x.item()` for a "
        "tensor of one number."
    )


def _index_fix(match: Match) -> str:
    if "gather" in (text_of(match.context.code.call.func) if match.context.code.call else "gather"):
        return (
            "Add a dimension: `x.gather(1, labels.unsqueeze(1)).squeeze(1)` takes the entry of the label in every row."
        )
    indices = {name: x for name, x in match.context.tensors.items() if not x.is_floating_point()}
    most = max((x.dim() for x in match.context.tensors.values()), default=0)
    name, index = next(((name, x) for name, x in indices.items() if x.dim() == most - 1), ("", None))
    if index is None:
        return "Print both shapes; `index.unsqueeze(1)` makes a column of one index for each row."
    return f"Make a column of it, one index for each row: `{name}.unsqueeze(1)` has shape {[*index.shape, 1]}."


def _out_of_bounds_fix(match: Match) -> str:
    if match["dim"] == "0" and (advice := beyond_the_data(match)):
        return advice
    return (
        "Counting starts at 0. Print `x.shape`, and check that the index belongs to this dimension: `x[row, column]`."
    )


def _count_fix(match: Match) -> str:
    """Tells a list that several places are to be chosen from, and one that should be calculated with, from a number."""
    code = match.context.code
    node = code.expression
    if isinstance(node, ast.Subscript) and isinstance(code.value(node.value), list | tuple):
        values, places = text_of(node.value), text_of(node.slice)
        index = code.value(node.slice)
        if isinstance(index, Tensor) and index.numel() == 1:
            return f"Take the number out of the tensor: `{values}[int({places})]`."
        return f"Choose the entries one by one: `[{values}[i] for i in {places}]`."
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return "Make a tensor of the list first, to calculate with it: `torch.tensor(values)`."
    return (
        "Of a tensor with one number take it out, `int(x)`; for its places write `range(len(x))`. A list that should be"
        " calculated with becomes a tensor first: `torch.tensor(values)`."
    )


RULES = (
    Rule(
        "index-out-of-bounds",
        "index",
        r"index (?P<i>-?\d+) is out of bounds for (?:dimension|axis) (?P<dim>\d+) with size (?P<size>\d+)",
        lambda match: (
            f"Index {match['i']} does not exist: dimension {match['dim']} has {match['size']} entries, and "
            f"{_valid_indices(int(match['size']))}."
        ),
        _out_of_bounds_fix,
        ("shape", "tensor"),
    ),
    Rule(
        "select-out-of-bounds",
        "index",
        rf"select\(\): index (?P<i>-?\d+) out of range for tensor of size (?P<shape>{_LIST}) at dimension (?P<dim>\d+)",
        lambda match: (
            f"Index {match['i']} does not exist in dimension {match['dim']} of a tensor of shape "
            f"{match.sizes('shape')}: {_valid_indices(match.sizes('shape')[int(match['dim'])])}."
        ),
        "Counting starts at 0; print `x.shape`.",
        ("shape",),
    ),
    Rule(
        "narrow-too-long",
        "index",
        r"start \((?P<start>\d+)\) \+ length \((?P<length>\d+)\) exceeds dimension size \((?P<size>\d+)\)",
        "{length} entries from {start} on would end beyond the last of {size}.",
        "Take fewer, or use a slice, `x[start:end]`, which stops at the end by itself.",
        ("shape",),
    ),
    Rule(
        "window-too-long",
        "index",
        r"maximum size for tensor at dimension (?P<dim>\d+) is (?P<size>\d+) but size is (?P<want>\d+)",
        "A window of {want} does not fit into dimension {dim}, which has {size} entries.",
        "Use a window of at most {size}.",
        ("shape",),
    ),
    Rule(
        "too-many-indices",
        "index",
        r"too many indices for (?:tensor of dimension (?P<dims>\d+)|array: array is (?P<dims2>\d+)-dimensional)",
        "There are more indices in the brackets than the tensor has dimensions, which is {dims}.",
        "Print `x.shape`: each number in it takes one index. A dimension of size 1 is added by `x.unsqueeze(0)`.",
        ("shape", "squeeze"),
    ),
    Rule(
        "index-of-a-scalar",
        "index",
        r"invalid index of a 0-dim tensor",
        "This tensor is a single number (0 dimensions): there is nothing to choose from.",
        "Use it as it is, or get the Python number with `x.item()`.",
        ("scalar",),
    ),
    Rule(
        "loop-over-a-scalar",
        "index",
        r"iteration over a 0-d tensor|len\(\) of a 0-d tensor",
        "This tensor is a single number (0 dimensions): it has no length and cannot be looped over.",
        _scalar_fix,
        ("scalar",),
    ),
    Rule(
        "index-not-whole",
        "index",
        r"valid indices \(got (?P<type>\w+)\)|tensors used as indices must be long, int, byte or bool tensors",
        lambda match: (
            f"An index must be a whole number, a slice or a mask, but this one is a `{match['type']}`."
            if match["type"]
            else "A tensor of places must hold whole numbers (or yes and no), but this one holds fractions."
        ),
        _not_whole_fix,
        ("dtype",),
    ),
    Rule(
        "mask-shape",
        "index",
        rf"The shape of the mask (?P<mask>{_LIST}) at index (?P<dim>\d+) does not match the shape of the indexed "
        rf"tensor (?P<shape>{_LIST})",
        "A mask says yes or no to every entry, but the mask has shape {mask} and the tensor {shape}; they differ in "
        "dimension {dim}.",
        lambda match: (
            f"A mask of rows needs one entry for each of the {match.sizes('shape')[0]} rows, and this one has "
            f"{match.sizes('mask')[0]}: both must come from the same rows and have the same length."
            if len(match.sizes("mask")) == 1 and match.sizes("mask")[0] not in match.sizes("shape")
            else (
                "Make the mask from the tensor itself, `x[x > 0]`, or from the dimension that it chooses in: `x[:,"
                " mask]`."
            )
        ),
        ("shape",),
    ),
    Rule(
        "index-tensors-shapes",
        "index",
        rf"indexing tensors could not be broadcast together with shapes (?P<shapes>{_LIST}(?:, {_LIST})*)",
        "Index tensors are read in pairs, one row with one column, but they have shapes {shapes}.",
        "Give both the same length; for all rows with all columns write `x[rows][:, columns]`.",
        ("broadcasting", "shape"),
    ),
    Rule(
        "index-dimensions",
        "index",
        r"Index tensor must have the same number of dimensions as (?:input|self|src) tensor",
        "`gather` and `scatter_` need an index with as many dimensions as the tensor.",
        _index_fix,
        ("label", "squeeze"),
    ),
    Rule(
        "embedding-index",
        "index",
        r"IndexError: index out of range in self",
        _embedding,
        lambda match: (
            "Indices count from 0: look at where the negative one comes from (a -1 for 'missing' or padding), and give"
            " that an index of its own, such as 0 with `padding_idx=0`."
            if (indices := match.context.tensor("input")) is not None and indices.numel() and int(indices.min()) < 0
            else "Count the different values and make the table that large: `nn.Embedding(int(x.max()) + 1, size)`."
        ),
        ("embedding",),
    ),
    Rule(
        "one-hot-negative",
        "value",
        r"Class values must be non-negative",
        "`one_hot` writes a 1 at the place of the class, so a class number cannot be negative.",
        "Number the classes from 0; a -1 that stands for 'missing' must be filtered out or given a class of its own.",
        ("one-hot", "class"),
    ),
    Rule(
        "one-hot-too-large",
        "value",
        r"Class values must be smaller than num_classes",
        "A class number is too large for `num_classes`: with n classes the numbers are 0 to n - 1.",
        "Use `num_classes=int(x.max()) + 1`, or subtract 1 from labels that start at 1.",
        ("one-hot", "class"),
    ),
    Rule(
        "one-hot-dtype",
        "dtype",
        r"one_hot is only applicable to index tensor of type LongTensor",
        "`one_hot` takes class numbers of dtype int64 (long), but these have another dtype.",
        "Convert them: `F.one_hot(labels.long(), num_classes=10)`.",
        ("one-hot", "dtype"),
    ),
    Rule(
        "one-hot-of-nothing",
        "value",
        r"Can not infer total number of classes from empty tensor",
        "`one_hot` counts the classes from the labels, and there are no labels.",
        "Say how many there are: `F.one_hot(labels, num_classes=10)`.",
        ("one-hot",),
    ),
    Rule(
        "many-as-one-number",
        "value",
        r"a Tensor with (?P<count>\d+) elements cannot be converted to Scalar",
        lambda match: f"`item()` gives the one number of a tensor, but this tensor holds {match['count']}.",
        "Make one of them first, `x.mean().item()`, or choose one, `x[0].item()`; all of them as a list: `x.tolist()`.",
        ("scalar",),
    ),
    Rule(
        "many-as-one-python-number",
        "value",
        r"only one element tensors can be converted to Python scalars",
        "A tensor of several numbers stands where Python wants one number (as in `float(x)`, `math.exp(x)` or "
        "`torch.tensor([a, b])` of tensors).",
        _one_number_fix,
        ("scalar", "stack"),
    ),
    Rule(
        "nothing-as-yes-or-no",
        "value",
        r"Boolean value of Tensor with no values is ambiguous",
        "An empty tensor is neither yes nor no.",
        "Ask for its size: `if x.numel() > 0:`.",
        ("tensor",),
    ),
    Rule(
        "tensor-as-count",
        "value",
        r"only integer tensors of a single element can be converted to an index",
        "A tensor stands where Python wants one whole number (an index of a list, the count of a `range`, a list times "
        "a number).",
        _count_fix,
        ("scalar", "tensor"),
    ),
    Rule(
        "largest-of-nothing",
        "value",
        r"(?P<name>\w+)\(\): Expected reduction dim (?:to be specified for input\.numel\(\) == 0|(?P<dim>\d+) to have "
        r"non-zero size)",
        "The `{name}` of an empty tensor does not exist.",
        "Find out why nothing is left: print `x.shape` before; perhaps a mask chose no entry.",
        ("argmax", "shape"),
    ),
    Rule(
        "negative-step",
        "index",
        r"ValueError: step must be greater than zero|strides in the given numpy array is negative|stride in the given "
        r"numpy array is negative",
        "Tensors cannot be read backwards by a slice with a negative step, and a NumPy array that is read so cannot "
        "become a tensor as it is.",
        "Use `torch.flip(x, dims=[0])`, or copy the array first: `torch.from_numpy(array.copy())`.",
        ("stride",),
    ),
    Rule(
        "range-the-wrong-way",
        "value",
        r"upper bound and lower bound inconsistent with step sign",
        "With this step the range never gets from its start to its end.",
        "Exchange start and end, or count down with a negative step: `torch.arange(5, 0, -1)`.",
        ("step",),
    ),
    Rule(
        "range-without-step",
        "value",
        r"step must be nonzero",
        "With a step of 0 the range never comes to its end.",
        "Give a step above or below 0; for a given number of points use `torch.linspace(0, 1, steps=11)`.",
        ("step",),
    ),
    Rule(
        "random-bounds",
        "value",
        r"random_ expects 'from' to be less than 'to', but got from=(?P<low>-?\d+) >= to=(?P<high>-?\d+)",
        "Random whole numbers are drawn from {low} up to but without {high}: there are none.",
        "Make the upper bound larger: `torch.randint(0, 10, (3,))` gives 0 to 9.",
        ("random seed",),
    ),
    Rule(
        "negative-size",
        "shape",
        r"Dimension size must be non-negative|negative dimension (?P<size>-\d+)",
        "A tensor cannot have a negative size.",
        "Check the calculation of the size; `-1` is understood by `reshape` only.",
        ("shape",),
    ),
)
