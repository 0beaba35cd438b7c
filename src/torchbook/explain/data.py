"""Rules for errors of data sets and loaders, and for values that a function refuses."""

import ast

from torch import Tensor

from torchbook.explain.rule import Match, Rule


def _getitem_fix(match: Match) -> str:
    methods = vars(type(match.context.arguments.get("self")))
    if near := next((name for name in methods if name.strip("_").replace("_", "") in ("getitem", "get")), ""):
        return f"It has a method `{near}`: its name must be `__getitem__`, with two underscores on each side."
    return "Define `def __getitem__(self, index):` and `def __len__(self):` inside the class."


def beyond_the_data(match: Match) -> str:
    """Returns the advice for a data set that was asked for an example that it has not, "" for all other indices."""
    code = match.context.code
    if code.function != "__getitem__" or not isinstance(code.scope, ast.FunctionDef):
        return ""
    asked = {item.arg for item in code.scope.args.args[1:]}
    # Of a worker process no more than the lines are known.
    part = code.expression or code.statement
    index = part.slice if isinstance(part, ast.Subscript) else part
    if not asked & {node.id for node in ast.walk(index or ast.Module([], [])) if isinstance(node, ast.Name)}:
        return ""
    if match.context.arguments or not code.expression:  # a loader asks for what `__len__` promises
        return (
            "The data set asks beyond its data: `__len__` must say how many examples there really are, such as"
            " `len(self.data)`, or `len(self.data) - width` for windows."
        )
    return (
        "Examples are counted from 0, so the last is `data[len(data) - 1]`; if that fails, too, `__len__` promises more"
        " than there are."
    )


def _lengths(match: Match) -> str:
    tensors = match.context.arguments.get("tensors", ())
    sizes = [str(len(tensor)) for tensor in tensors if isinstance(tensor, Tensor)]
    have = f", but they have {' and '.join(sizes)} rows" if sizes else ""
    return f"A `TensorDataset` pairs the rows of its tensors, so all must have the same first size{have}."


RULES = (
    Rule(
        "shuffled-stream",
        "value",
        r"DataLoader with IterableDataset: expected unspecified (?P<name>shuffle|sampler|batch_sampler) option",
        "An `IterableDataset` gives its examples in an order of its own, so a loader cannot take `{name}` for it.",
        "Leave `{name}` out and mix the examples in `__iter__`; or write a `Dataset` with `__len__` and `__getitem__`, "
        "which can be shuffled.",
        ("data loader", "dataset"),
    ),
    Rule(
        "lengths-not-sorted",
        "value",
        r"`lengths` array must be sorted in decreasing order",
        "The sequences of a packed batch must be sorted by length, the longest first, and these are not.",
        "Let torch sort them: `pack_padded_sequence(x, lengths, enforce_sorted=False)`.",
        ("padding", "recurrent network"),
    ),
    Rule(
        "tensors-of-different-length",
        "shape",
        r"^AssertionError: Size mismatch between tensors",
        _lengths,
        "Print the `len` of each: inputs and labels must belong together row by row.",
        ("dataset", "label"),
    ),
    Rule(
        "split-does-not-add-up",
        "value",
        r"Sum of input lengths does not equal the length of the input dataset",
        "The parts of a split must add up to the whole data set (or, as fractions, to 1).",
        "Compute the last one: `[n_train, len(dataset) - n_train]`.",
        ("validation set", "dataset"),
    ),
    Rule(
        "loader-of-nothing",
        "value",
        r"num_samples should be a positive integer value, but got num_samples=0",
        "The data set is empty, so there is nothing to shuffle.",
        "Print `len(dataset)`; perhaps a path or a filter is wrong.",
        ("data loader", "dataset"),
    ),
    Rule(
        "batch-size-not-positive",
        "value",
        r"batch_size should be a positive integer value, but got batch_size=(?P<value>\S+)",
        lambda match: (
            f"The batch size must be a whole number of at least 1, but is the string `{match['value']}`."
            if isinstance(match.context.arguments.get("batch_size"), str)
            else f"The batch size must be a whole number of at least 1, but is {match['value']}."
        ),
        lambda match: (
            f"Leave the quotes out, or convert it: `int({match.context.arguments['batch_size']!r})`."
            if isinstance(match.context.arguments.get("batch_size"), str)
            else f"`/` gives a fraction: divide with `//`, or write `int({match['value']})`."
            if "." in match["value"]
            else "Write `batch_size=32`, for example."
        ),
        ("batch size", "data loader"),
    ),
    Rule(
        "shuffle-and-sampler",
        "value",
        r"sampler option is mutually exclusive with shuffle",
        "A sampler decides the order, and `shuffle=True` does too; only one of them can.",
        "Leave one out.",
        ("data loader",),
    ),
    Rule(
        "cannot-be-a-batch",
        "python",
        r"batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class '(?P<type>[\w.]+)'>",
        "The loader puts examples together into a batch, but cannot do that with a `{type}`.",
        lambda match: (
            "`__getitem__` gave None for an example: every path through it must end with `return ...`."
            if match["type"] == "NoneType"
            else (
                "Turn the picture into a tensor in `__getitem__`: `torch.from_numpy(np.array(picture)).permute(2, 0, 1)"
                " / 255`."
                if "Image" in match["type"]
                else "Return tensors or numbers from `__getitem__`."
            )
        ),
        ("data loader", "batch", "dataset"),
    ),
    Rule(
        "examples-of-different-length",
        "shape",
        r"each element in list of batch should be of equal size",
        "The examples of a batch are lists of different lengths, or some have more parts than others.",
        "Let `__getitem__` return the same number of parts for every example.",
        ("data loader", "batch"),
    ),
    Rule(
        "dataset-without-getitem",
        "python",
        r"Subclasses of Dataset should implement __getitem__",
        "The data set has no method that gives an example by its number.",
        _getitem_fix,
        ("dataset",),
    ),
    Rule(
        "array-in-a-tensor-dataset",
        "python",
        r"^TypeError: 'int' object is not callable$",
        "A `TensorDataset` takes tensors, but was given NumPy arrays.",
        "Convert them: `TensorDataset(torch.from_numpy(x), torch.from_numpy(y))`.",
        ("dataset",),
        when=lambda match: "tensors" in match.context.arguments,
    ),
    Rule(
        "singular-matrix",
        "value",
        r"the input matrix is singular|not positive-definite",
        "This matrix cannot be inverted: some of its rows or columns say the same (or are 0).",
        "Use `torch.linalg.lstsq` or `torch.linalg.pinv`, or take out the feature that repeats others.",
        ("matrix",),
    ),
    Rule(
        "not-square",
        "shape",
        r"A must be batches of square matrices, but they are (?P<a>\d+) by (?P<b>\d+) matrices",
        "Only square matrices have an inverse, and this one is {a} by {b}.",
        "Use `torch.linalg.pinv(a)` or `torch.linalg.lstsq(a, b)`.",
        ("matrix",),
    ),
    Rule(
        "no-probabilities",
        "value",
        r"probability tensor contains either `inf`, `nan` or element < 0|Expected p_in >= 0 && p_in <= 1",
        "These are not probabilities: some are negative, too large or not a number.",
        "Make probabilities of scores with `softmax` or `sigmoid`; a `nan` often comes from a learning rate that is "
        "too high.",
        ("softmax", "sigmoid"),
    ),
    Rule(
        "negative-spread",
        "value",
        r"normal expects (?:all elements of )?std >= 0\.0",
        "A standard deviation says how far numbers spread and cannot be negative.",
        "Give the mean first and the standard deviation second: `torch.normal(0.0, 1.0, size=(3,))`.",
    ),
    Rule(
        "sample-too-many",
        "value",
        r"cannot sample n_sample > prob_dist\.size\(-1\) samples without replacement",
        "More samples are drawn than there are different values.",
        "Draw fewer, or allow repetition: `torch.multinomial(p, n, replacement=True)`.",
        (),
    ),
)
