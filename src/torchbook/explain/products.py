"""Rules for products of matrices and vectors: inner sizes that differ, too many or too few dimensions, einsum."""

from torch import nn

from torchbook.explain.rule import Match, Rule, product

_PAIR = r"\((?P<a>\d+x\d+) and (?P<b>\d+x\d+)\)"
_LIST = r"\[[\d, -]*\]"


def _matrix_product(match: Match) -> str:
    a, b = match.sizes("a"), match.sizes("b")
    if isinstance(match.context.layer, nn.Linear):
        layer = match.context.layer_in_words
        return (
            f"{layer[0].upper()}{layer[1:]} wants {_features(b[0])} in the last dimension, but its input has {a[1]}: "
            f"the shape of the input is {match.context.shape('input') or a}."
        )
    return (
        f"A matrix product needs the inner sizes to be equal: {a} @ {b} has {a[1]} columns on the left and {b[0]} rows "
        "on the right."
    )


def _features(number: int) -> str:
    return f"{number} feature{'' if number == 1 else 's'}"


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
    if features == 1 and shape[-1] != 1 and len(shape) <= 2:
        return (
            "The layer takes one number for each example: make a column of them, `x.reshape(-1, 1)`, of shape"
            f" {[product(shape), 1]}."
        )
    if len(shape) == 2 and product(shape) == features:
        return (
            f"The {features} numbers of one example stand in {shape[0]} rows: make one row of them,"
            f" `x.reshape(1, -1)`, a batch of one example, of shape {[1, features]}."
        )
    if len(shape) == 1 and shape[0] != features and shape[0] % features == 0:
        return (
            f"The {shape[0]} numbers are perhaps {shape[0] // features} examples in one row: `x.flatten(1)` keeps the"
            " examples apart, `x.flatten()` does not."
        )
    if len(shape) > 2 and flat == features:
        return f"Make one row of each example first: `x.flatten(1)` turns {shape} into {[shape[0], flat]}."
    if len(shape) == 3 and shape[1] == features:
        return (
            f"The {features} stand in dimension 1: if these are the features, `x.transpose(1, 2)` brings them to the"
            f" end, {[shape[0], shape[2], shape[1]]}; otherwise make the layer `nn.Linear({shape[2]}, {outputs})`."
        )
    if len(shape) == 3 and shape[1] == shape[2]:
        return (
            f"Make one row of each picture first, `x.flatten(1)`, which gives {[shape[0], flat]}, and make the layer"
            f" `nn.Linear({flat}, {outputs})`."
        )
    if len(shape) == 2 and shape[0] == features:
        return f"Perhaps rows and columns are exchanged: `x.T` turns {shape} into {shape[::-1]}, one row an example."
    if len(shape) > 3:
        return (
            f"After a convolution flatten the picture, `x.flatten(1)`, which gives {[shape[0], flat]}, and make the "
            f"layer `nn.Linear({flat}, {outputs})`."
        )
    return (
        f"Make the layer `nn.Linear({shape[-1]}, {outputs})`, or give it {features} features: print `x.shape` before "
        "it."
    )


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
        lambda match: (
            "The vector needs as many numbers as the matrix has columns"
            + (
                "; perhaps you want `matrix.T @ vector`."
                if match.sizes("mat")[0] == match.sizes("vec")[0]
                else f": make it with {match.sizes('mat')[1]} numbers."
            )
        ),
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
        "numpy-matmul",
        "shape",
        r"matmul: Input operand 1 has a mismatch in its core dimension \d+.*\(size (?P<b>\d+) is different from "
        r"(?P<a>\d+)\)|shapes \([\d,]*\) and \([\d,]*\) not aligned: (?P<a2>\d+) \(dim \d+\) != (?P<b2>\d+) \(dim",
        "A matrix product of NumPy arrays needs equal inner sizes: the left has {a} columns and the right {b} rows.",
        "Print both `.shape`s; perhaps one must be transposed: `a @ b.T`.",
        ("matrix", "transpose"),
    ),
)
