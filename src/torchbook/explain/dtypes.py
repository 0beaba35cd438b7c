"""Rules for errors of dtypes: number formats that do not go together, or that an operation does not support."""

import torch
from torch import nn

from torchbook.explain.rule import Match, Rule

_FLOAT64 = " NumPy's numbers and Python floats turned into arrays are float64, while layers hold float32."


# What the names of torch's inner functions end with, and those that a person would not recognise.
_INTERNAL_WORDS = {
    "cpu",
    "cuda",
    "mps",
    "kernel",
    "impl",
    "lastdim",
    "vec",
    "vectorized",
    "out",
    "frame",
    "backward",
    "cpublas",
}
_INTERNAL_NAMES = {
    "normal": "A random number of the bell curve",
    "uniform": "A random number between 0 and 1",
    "bitwise_and": "`&`",
    "bitwise_or": "`|`",
    "bitwise_not": "`~`",
    "lshift": "`<<`",
    "rshift": "`>>`",
    "addmm": "A matrix product",
    "baddbmm": "A matrix product",
    "mse": "The squared error",
    "slow_conv2d": "A convolution",
    "batch_norm": "Batch normalisation",
    "arange": "`torch.arange`",
    "check_uniform_bounds": "A random number between two bounds",
    "nll_loss": "The loss",
    "index": "Indexing",
}


def _two_dtypes(match: Match) -> str:
    a, b = match.dtype("a"), match.dtype("b")
    numpy = _FLOAT64 if "float64" in (a, b) else ""
    layer = match.context.layer_in_words
    if layer:
        layer_input = match.context.tensor("input")
        shape = f", of shape {list(layer_input.shape)}," if layer_input is not None else ""
        return f"{layer[0].upper()}{layer[1:]} holds {b} numbers, but its input{shape} is {a}.{numpy}"
    return f"Both tensors of this operation must have the same dtype, but one is {a} and the other {b}.{numpy}"


def _two_dtypes_fix(match: Match) -> str:
    a, b = match.dtype("a"), match.dtype("b")
    if match.context.layer_in_words:
        name = match.context.name_of_dtype(a)
        return f"Convert the input: `{name} = {_converted(name, b)}`, best where the data is made."
    target = "float32" if "float32" in (a, b) else a
    other = b if target == a else a
    converted = _converted(match.context.name_of_dtype(other), target)
    return f"Convert the {other} one: `{converted}`, best where it is made (`torch.tensor(..., dtype=torch.{target})`)."


def _converted(name: str, dtype: str) -> str:
    short = {"float32": "float", "float64": "double", "int64": "long", "float16": "half", "int32": "int"}
    return f"{name}.{short[dtype]}()" if dtype in short else f"{name}.to(torch.{dtype})"


def _missing(match: Match) -> str:
    operation, dtype = _plain(match["operation"]), match.dtype("dtype")
    reasons = {
        "softmax": "softmax gives probabilities, which are fractions",
        "bell curve": "random numbers of a bell curve are fractions",
        "between 0 and 1": "random numbers between 0 and 1 are fractions",
        "Batch normalisation": "normalised numbers are fractions",
        "bitwise": "`&`, `|` and `~` are for yes and no or whole numbers",
        "mse": "the mean of squares is a fraction",
    }
    why = next((f"; {words}" for part, words in reasons.items() if part in operation), "")
    return f"{operation} does not exist for the dtype {dtype}{why}."


def _plain(kernel: str) -> str:
    """Returns the operation by the name that a person writes, of the name that torch has for it inside."""
    words = [word for word in kernel.split("_") if word not in _INTERNAL_WORDS]
    for end in range(len(words), 0, -1):
        name = "_".join(words[:end])
        if name in _INTERNAL_NAMES:
            return _INTERNAL_NAMES[name]
        for room, written in ((torch, "torch"), (nn.functional, "F"), (torch.Tensor, "tensor")):
            if hasattr(room, name):
                return f"The operation `{written}.{name}`"
    return "This operation"


def _missing_fix(match: Match) -> str:
    made = match.context.code.call
    if match["operation"].startswith(("normal", "uniform")) and made is not None:
        return (
            "For random whole numbers write `torch.randint(low, high, sizes)`; otherwise leave the dtype out, and"
            " convert the result."
        )
    if "bitwise" in match["operation"]:
        return "Compare first, in brackets: `(a > 0) & (b > 0)`."
    name = match.context.name_of_dtype(match.dtype("dtype"))
    if match.dtype("dtype") in ("float16", "bfloat16"):
        return f"Compute in float32: `{name}.float()`."
    return f"Convert to floating point first: `{name}.float()`, or make the tensor so: `torch.tensor([1.0, 2.0])`."


def _input_name(match: Match) -> str:
    layer_input = match.context.tensor("input")
    return "" if layer_input is None else f"{str(layer_input.dtype).removeprefix('torch.')} {list(layer_input.shape)}"


def _averaged(match: Match) -> str:
    return match.context.code.receiver or match.context.name_of_dtype(match.dtype("dtype"))


def _indices(match: Match) -> str:
    name = match.context.name_of_dtype(match.dtype("dtype"))
    return name if name in match.context.tensors else "indices"


def _cannot_cast(match: Match) -> str:
    if match.context.tensor("target") is not None:
        return f"This loss computes with {match.dtype('a')}, but the labels are {match.dtype('b')}."
    return (
        f"The result has dtype {match.dtype('a')}, but it should be written into a tensor of {match.dtype('b')}, which "
        "cannot hold it."
    )


def _cannot_cast_fix(match: Match) -> str:
    if match.context.tensor("target") is not None:
        return "Convert the labels: `labels.float()`."
    name = match.context.name_of_dtype(match.dtype("b"))
    return (
        f"Make a new tensor instead of changing one in place (`{name} = {name} / 2`, not `{name} /= 2`), or convert it "
        f"first: `{name} = {name}.float()`."
    )


RULES = (
    Rule(
        "scatter-dtypes",
        "dtype",
        r"(?P<name>\w+)\(\): Expected self\.dtype to be equal to src\.dtype",
        "`{name}` writes into a tensor what must have the same dtype as that tensor.",
        "Convert what is written: `src.to(x.dtype)`; one number can be given as it is.",
        ("dtype",),
    ),
    Rule(
        "matmul-dtypes",
        "dtype",
        r"mat1 and mat2 must have the same dtype, but got (?P<a>[\w:]+) and (?P<b>[\w:]+)"
        r"|expected m1 and m2 to have the same dtype, but got: (?P<a2>[\w: ]+?) != (?P<b2>[\w: ]+?)$",
        _two_dtypes,
        _two_dtypes_fix,
        ("dtype", "matrix"),
    ),
    Rule(
        "matrix-vector-dtypes",
        "dtype",
        r"addmv input tensors must have the same dtype, but got (?P<v>\w+), (?P<b>\w+), and (?P<a>\w+)"
        r"|expected both vectors to have same dtype, but found (?P<a2>\w+) and (?P<b2>\w+)",
        _two_dtypes,
        _two_dtypes_fix,
        ("dtype", "vector"),
    ),
    Rule(
        "layer-dtype",
        "dtype",
        r"Input type \((?P<a>[\w:. ]+)\) and (?:bias|weight) type \((?P<b>[\w:. ]+)\) should be the same"
        r"|RNN input dtype \(torch\.(?P<a2>\w+)\) does not match weight dtype \(torch\.(?P<b2>\w+)\)",
        _two_dtypes,
        _two_dtypes_fix,
        ("dtype", "layer"),
    ),
    Rule(
        "normalisation-dtype",
        "dtype",
        r"mixed dtype \(CPU\): (?:all inputs must share same datatype|expect parameter to have scalar type of Float)",
        lambda match: (
            "The weights of the normalisation and its input must have the same dtype"
            + (f", but the input is {_input_name(match)}." if _input_name(match) else ".")
            + " Layers hold float32 unless told otherwise."
        ),
        "Convert the input: `x = x.float()`.",
        ("dtype", "normalisation"),
    ),
    Rule(
        "no-such-dtype-in-numpy",
        "dtype",
        r"Got unsupported ScalarType (?P<dtype>BFloat16|Float8\w*)",
        lambda match: f"NumPy has no dtype {match.dtype('dtype').lower()}, so this tensor cannot become an array.",
        "Convert it first: `x.float().numpy()`.",
        ("dtype",),
    ),
    Rule(
        "fractions-of-whole-numbers",
        "dtype",
        r"(?P<operation>mean|nanmean)\(\): could not infer output dtype\..* Got: (?P<dtype>\w+)",
        lambda match: (
            "A mean is a fraction, so the tensor must hold floating-point numbers, but its dtype is "
            f"{match.dtype('dtype')}."
        ),
        lambda match: (
            f"Convert first: `{_averaged(match)}.float().mean()`. "
            "(The mean of `a == b`, for an accuracy, is made so too.)"
        ),
        ("dtype", "accuracy"),
    ),
    Rule(
        "spread-of-whole-numbers",
        "dtype",
        r"std and var only support floating point and complex dtypes|quantile\(\) input tensor must be either float "
        r"or double dtype",
        "This statistic is a fraction, so the tensor must hold floating-point numbers, but it holds whole ones.",
        "Convert first: `x.float().std()`.",
        ("dtype",),
    ),
    Rule(
        "gradient-of-whole-numbers",
        "dtype",
        r"[Oo]nly Tensors of floating point (?:and complex )?dtype can require gradients",
        "A gradient says what a very small change would do, and whole numbers cannot change a little: only "
        "floating-point tensors can require gradients.",
        "Write the numbers with a point, `torch.tensor([1.0, 2.0], requires_grad=True)`, or convert first: "
        "`x.float().requires_grad_()`.",
        ("gradient", "dtype"),
    ),
    Rule(
        "in-place-dtype",
        "dtype",
        r"result type (?P<a>\w+) can't be cast to the desired output type (?P<b>\w+)",
        _cannot_cast,
        _cannot_cast_fix,
        ("in-place operation", "dtype"),
    ),
    Rule(
        "assign-dtype",
        "dtype",
        r"Index put requires the source and destination dtypes match, got (?P<a>\w+) for the destination and "
        r"(?P<b>\w+) for the source",
        lambda match: (
            f"Values of dtype {match.dtype('b')} should be written into places of a tensor of {match.dtype('a')}."
        ),
        "Convert the values: `x[index] = values.to(x.dtype)`.",
        ("dtype",),
    ),
    Rule(
        "subtract-yes-and-no",
        "dtype",
        r"(?:Subtraction|Negation), the `-` operator,(?: with| on) (?:two|a) bool tensors? is not supported",
        "`-` does not exist for tensors of yes and no (dtype bool).",
        "Invert a mask with `~mask`, or count with it as numbers: `mask.float()`.",
        ("dtype",),
    ),
    Rule(
        "mask-needs-yes-and-no",
        "dtype",
        r"(?:where expected condition to be a boolean tensor, but got a tensor with|masked_fill_? only supports "
        r"boolean masks, but got mask with) dtype (?P<dtype>\w+)",
        lambda match: f"The condition must hold yes and no (dtype bool), but it is {match.dtype('dtype')}.",
        "Compare to make one: `torch.where(x > 0, a, b)`.",
        ("dtype",),
    ),
    Rule(
        "compared-dtypes",
        "dtype",
        r"RuntimeError: (?P<a>Float|Double|Half|BFloat16|Long|Int|Bool) did not match "
        r"(?P<b>Float|Double|Half|BFloat16|Long|Int|Bool)$",
        lambda match: (
            f"Two tensors can only be compared for closeness in one dtype, but one is {match.dtype('a')} and the other "
            f"{match.dtype('b')}."
        ),
        "Convert one: `torch.allclose(a, b.to(a.dtype))`.",
        ("dtype",),
    ),
    Rule(
        "not-for-this-dtype",
        "dtype",
        r"\"(?P<operation>\w+)\" not implemented for '(?P<dtype>\w+)'",
        _missing,
        _missing_fix,
        ("dtype",),
    ),
    Rule(
        "scalar-type",
        "dtype",
        r"expected scalar type (?P<want>\w+) but found (?P<got>\w+)",
        lambda match: f"This operation wants dtype {match.dtype('want')}, but got {match.dtype('got')}.",
        lambda match: (
            f"Convert the tensor: `{_converted(match.context.name_of_dtype(match.dtype('got')), match.dtype('want'))}`."
        ),
        ("dtype",),
    ),
    Rule(
        "index-dtype",
        "dtype",
        r"argument #\d+ '(?P<name>\w+)' to have one of the following scalar types: Long, Int; but got "
        r"torch\.(?P<dtype>\w+)Tensor"
        r"|(?P<name2>gather|scatter|index_select|index_add|take)\w*\(\): Expected dtype int32(?:/| or )int64 for index",
        lambda match: (
            (
                "An embedding is looked up by whole numbers"
                if match["name"] == "indices"
                else "Places are named by whole numbers"
            )
            + (f", but these are {match.dtype('dtype')}." if match["dtype"] else ", but these are not.")
        ),
        lambda match: f"Convert them: `{_indices(match)}.long()`.",
        ("embedding", "dtype"),
    ),
    Rule(
        "array-of-objects",
        "dtype",
        r"can't convert np\.ndarray of type numpy\.(?P<type>\w+)",
        lambda match: (
            f"A NumPy array of dtype `{match['type'].rstrip('_')}` cannot become a tensor: tensors hold numbers and "
            "yes or no. Such an array comes from strings, missing values or rows of different length."
        ),
        "Clean the column first, then `array.astype('float32')`; make numbers of strings (one class number for each).",
        ("dtype", "tensor", "categorical value"),
    ),
    Rule(
        "text-in-a-tensor",
        "dtype",
        r"too many dimensions 'str'|new\(\): invalid data type 'str'",
        "A tensor holds numbers (or yes and no), but this is a string.",
        "Strings that hold numbers, such as those from a file, are converted: `float(text)`. Names become numbers by"
        " their place in a list, `names.index(text)`.",
        ("tensor", "categorical value"),
    ),
    Rule(
        "nothing-in-a-tensor",
        "dtype",
        r"Could not infer dtype of (?P<type>\w+)",
        "A tensor holds numbers (or yes and no), but this is a `{type}`.",
        lambda match: (
            "Look for a missing value, or for a function that returned nothing."
            if match["type"] == "NoneType"
            else (
                "Take the numbers out of the dictionary: `torch.tensor(list(d.values()))`."
                if match["type"] == "dict"
                else (
                    "The brackets of a call are missing."
                    if match["type"] in ("builtin_function_or_method", "function", "method")
                    else (
                        "Make an array of the picture first: `torch.from_numpy(np.array(picture))`."
                        if "Image" in match["type"]
                        else (
                            "Make a list of it first: `torch.tensor(list(values))`."
                            if match["type"] in ("dict_values", "map", "generator", "zip", "set", "dict_keys", "filter")
                            else "Give numbers (or lists of them) instead."
                        )
                    )
                )
            )
        ),
        ("tensor", "dtype"),
    ),
    Rule(
        "too-large-for-dtype",
        "dtype",
        r"value cannot be converted to type (?P<dtype>\w+) without overflow|Overflow when unpacking long",
        lambda match: f"A number is too large for the dtype {match['dtype'] or 'int64'}.",
        "Use a dtype with more room: `dtype=torch.float32` or `torch.int64`; uint8 holds 0 to 255.",
        ("dtype",),
    ),
    Rule(
        "gradient-dtype",
        "dtype",
        r"attempting to assign a gradient with dtype '(?P<a>\w+)' to a tensor with grad_dtype '(?P<b>\w+)'",
        lambda match: (
            f"A gradient has the dtype of its tensor: this tensor is {match.dtype('b')}, the gradient "
            f"{match.dtype('a')}."
        ),
        "Convert it: `w.grad = gradient.to(w.dtype)`.",
        ("gradient", "dtype"),
    ),
)
