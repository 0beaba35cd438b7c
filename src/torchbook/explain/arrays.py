"""Rules for NumPy and scikit-learn: arrays of strings, of objects, of other shapes than a function wants."""

import ast

from torchbook.explain.failing_code import text_of
from torchbook.explain.rule import Match, Rule


def _mask(match: Match) -> str:
    return f"The mask has {match['mask']} entries and the array {match['size']} in dimension {match['dim']}."


def _computes_with_numpy(match: Match) -> bool:
    """Returns True if a function of NumPy was given a tensor, and asked it for a method of its own."""
    code = match.context.code
    from_numpy = str(getattr(code.callee, "__module__", "")).partition(".")[0] == "numpy"
    return from_numpy and not code.direct and bool(match.context.tensors)


RULES = (
    Rule(
        "index-of-an-array",
        "index",
        r"only integers, slices \(`:`\), ellipsis",
        "An index of a NumPy array must be a whole number, a slice or a mask.",
        "`/` gives a fraction, even of 10 / 2: divide with `//`, or convert it, `x[int(i)]`; several places are"
        " `x[places.astype(int)]`.",
    ),
    Rule(
        "numpy-function-of-a-tensor",
        "python",
        r"^TypeError: (?P<function>\w+)\(\) (?:got an unexpected keyword argument|received an invalid combination of)",
        "`np.{function}` was given a tensor and asked it for its own `{function}`, which takes other arguments.",
        "Compute with torch, `x.{function}()`, which also keeps the gradients; for NumPy make an array first:"
        " `x.detach().numpy()`.",
        ("tensor",),
        when=_computes_with_numpy,
    ),
    Rule(
        "array-of-another-dtype-in-place",
        "dtype",
        r"Cannot cast ufunc '(?P<name>\w+)' output from dtype\('(?P<result>\w+)'\) to dtype\('(?P<array>\w+)'\)",
        "An operation in place (`+=`, `/=`) writes into the array, which holds {array}, but its result is {result}.",
        "Make a new array, `x = x + 0.5`, or convert it first: `x = x.astype(np.{result})`.",
        ("dtype", "in-place operation"),
    ),
    Rule(
        "no-such-axis",
        "index",
        r"axis (?P<axis>-?\d+) is out of bounds for array of dimension (?P<dims>\d+)",
        "Axis {axis} does not exist: the array has {dims} dimensions, counted from 0, and from the end with -1.",
        "Print `x.shape`; `axis=-1` is the last.",
        ("shape",),
    ),
    Rule(
        "classes-and-fractions",
        "value",
        r"Classification metrics can't handle a mix of (?P<a>[\w-]+) and (?P<b>[\w-]+) targets",
        "This measure compares class numbers, but was given {a} labels on one side and {b} ones on the other.",
        "Make class numbers of the predictions: `(p > 0.5).astype(int)` for probabilities, `scores.argmax(axis=1)` for "
        "scores of classes.",
        ("label", "class"),
    ),
    Rule(
        "concatenate-without-list",
        "python",
        r"only integer scalar arrays can be converted to a scalar index",
        "An array stands where NumPy wants one whole number, as the second argument of `np.concatenate(a, b)` or an"
        " index of a list.",
        "Put the arrays into a list, `np.concatenate([a, b])`; to choose several entries of a list make an array of it:"
        " `np.array(values)[places]`.",
    ),
    Rule(
        "sizes-without-brackets",
        "python",
        r"Cannot (?:interpret|construct a dtype from) '(?P<value>\d+)' as a data type|Cannot interpret"
        r" '(?P<value2>\d+)'",
        "The second argument of `np.zeros` (`np.ones`, `np.empty`) is the dtype, but it is {value}.",
        "Put the sizes into brackets: `np.zeros((2, 3))`.",
        ("shape",),
    ),
    Rule(
        "array-of-texts",
        "dtype",
        r"(?:ufunc '(?P<name>\w+)' did not contain a loop with signature matching types|the resolved dtypes are not "
        r"compatible with (?P<name2>[\w.]+)\.|ufunc '(?P<name3>\w+)' not supported for the input types)",
        "The array holds strings (or objects), which cannot be calculated with: one string among numbers makes"
        " strings of all.",
        "Take the column of numbers and convert it: `table[:, 1].astype(float)`.",
        ("dtype",),
    ),
    Rule(
        "array-of-objects-in-a-file",
        "file",
        r"Object arrays cannot be loaded when allow_pickle=False",
        "The file holds Python objects (a dictionary, a list of rows of different length), and opening those can run "
        "foreign code.",
        "Save arrays under their names instead, `np.savez(path, x=x, y=y)`, and read them by these names, "
        "`np.load(path)['x']`. A file that is there already, and that you trust, opens with `allow_pickle=True`.",
    ),
    Rule(
        "not-a-file-of-numpy",
        "file",
        r"(?:Cannot load file containing pickled data when allow_pickle=False|This file contains pickled \(object\)"
        r" data|Failed to interpret file .* as a pickle)",
        "This file is not an array of NumPy.",
        "Open it with what wrote it: `torch.load(path, weights_only=True)` for torch, `np.loadtxt` for a text.",
    ),
    Rule(
        "array-mask",
        "index",
        r"boolean index did not match indexed array along (?:dimension|axis) (?P<dim>\d+); (?:size of axis is|dimension"
        r" is) "
        r"(?P<size>\d+) but (?:size of corresponding boolean axis|corresponding boolean dimension) is (?P<mask>\d+)",
        _mask,
        "Make the mask from the same array, `x[x > 0]`, or take both from the same rows: they must have the same"
        " length.",
        ("shape",),
    ),
    Rule(
        "choice-of-rows",
        "shape",
        r"'?a'? must be (?:1-dimensional|a sequence or an integer)|a must be 1-dimensional",
        "`np.random.choice` draws from a vector, but this array has more dimensions.",
        "Draw the numbers of rows and take those: `x[np.random.choice(len(x), size=10)]`.",
        ("shape",),
    ),
    Rule(
        "concatenate-shapes",
        "shape",
        r"all the input array dimensions except for the concatenation axis must match exactly, but along dimension "
        r"(?P<dim>\d+), the array at index 0 has size (?P<a>\d+) and the array at index (?P<i>\d+) has size (?P<b>\d+)",
        "Arrays that are joined must have equal sizes in all other dimensions, but in dimension {dim} one has {a} and"
        " the other {b}.",
        "Print their `.shape`; join along the dimension in which they differ, `axis={dim}`.",
        ("shape",),
    ),
    Rule(
        "concatenate-dimensions",
        "shape",
        r"all the input arrays must have same number of dimensions",
        "Arrays that are joined must have the same number of dimensions.",
        lambda match: (
            "Make a column of the smaller, `b[:, None]`, to put it beside the other, or join with `np.column_stack`."
            if "hstack" in (called := text_of(call.func) if (call := match.context.code.call) else "")
            or "axis=1" in ast.unparse(match.context.code.statement or ast.Module([], []))
            else "Make a row of the smaller, `b[None, :]`, to put it below the other, or join with `np.vstack`."
            if called
            else "Add one to the smaller: `b[None, :]` makes a row of it, `b[:, None]` a column."
        ),
        ("shape",),
    ),
    Rule(
        "largest-of-no-array",
        "value",
        r"zero-size array to reduction operation (?P<name>\w+)|attempt to get arg\w+ of an empty sequence",
        "The array is empty.",
        "Find out why nothing is left: print its `shape` before; perhaps a mask or a path chose nothing.",
    ),
    Rule(
        "array-as-a-number",
        "value",
        r"only (?:length-1|0-dimensional) arrays can be converted to Python scalars",
        "An array of several numbers stands where Python wants one number.",
        "Use NumPy's own function, `np.exp(x)` instead of `math.exp(x)`, or choose one: `float(x[0])`.",
    ),
    Rule(
        "ragged-array",
        "shape",
        r"setting an array element with a sequence\. The requested array has an inhomogeneous shape after "
        r"(?P<dim>\d+) dimensions",
        "An array is rectangular, but these rows have different lengths.",
        "Make all rows equally long (cut or pad them), or keep a list.",
        ("padding",),
    ),
    Rule(
        "sequence-in-an-entry",
        "value",
        r"setting an array element with a sequence",
        "One entry of an array can hold one number, but got several.",
        "Make all rows equally long, or assign to a row: `x[i, :] = values`.",
    ),
    Rule(
        "two-dimensions-wanted",
        "shape",
        r"Expected 2D array, got (?P<dims>1D|scalar) array instead",
        "scikit-learn takes a table, [examples, features], but got a {dims} array.",
        "Make one column of it, `x.reshape(-1, 1)`, if it is one feature of many examples; one row, `x.reshape(1, -1)`,"
        " if it is one example.",
        ("feature", "shape"),
    ),
    Rule(
        "two-dimensions-at-most",
        "shape",
        r"Found array with dim (?P<dims>\d+)\. \w+ expected <= 2|Found array with dim (?P<dims2>\d+), while dim <="
        r" 2 is "
        r"required",
        "scikit-learn takes a table, [examples, features], but got an array of {dims} dimensions.",
        "Make one row of each example: `x.reshape(len(x), -1)`.",
        ("feature", "flatten"),
    ),
    Rule(
        "tables-of-different-length",
        "shape",
        r"Found input variables with inconsistent numbers of samples: (?P<sizes>\[[\d, ]+\])",
        "Inputs and labels must have the same number of rows, but have {sizes}.",
        "Print the `.shape` of both, and keep rows together: what takes rows out of one must take them out of the"
        " other.",
        ("label", "dataset"),
    ),
    Rule(
        "missing-values",
        "value",
        r"Input (?P<name>\w+) contains (?P<what>NaN|infinity)",
        "`{name}` holds missing values ({what}).",
        "Take these rows out, `x[~np.isnan(x).any(axis=1)]`, or fill them, `SimpleImputer().fit_transform(x)`.",
        ("feature",),
    ),
    Rule(
        "negative-power-of-whole-numbers",
        "dtype",
        r"Integers to negative integer powers are not allowed",
        "A negative power is a fraction, and an array of whole numbers cannot hold one.",
        "Convert first: `x.astype(float) ** -1`, or write `1 / x`.",
        ("dtype",),
    ),
    Rule(
        "not-fitted",
        "python",
        r"This (?P<name>\w+) instance is not fitted yet",
        "`{name}` was used before it has learned anything.",
        "Call `fit` first, with the training data: `scaler.fit(x_train)`, then `scaler.transform(x)`.",
    ),
    Rule(
        "classes-as-fractions",
        "value",
        r"Unknown label type: (?:\()?'?(?P<kind>continuous)",
        "A classifier was given labels with fractions.",
        "Give class numbers, `y.astype(int)`, or use a regressor.",
        ("label", "class"),
    ),
)
