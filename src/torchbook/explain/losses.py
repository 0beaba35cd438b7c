"""Rules for errors of losses: predictions and labels that do not fit together."""

from torchbook.explain.failing_code import text_of
from torchbook.explain.rule import Match, Rule

_SIDES = {"input": "predictions", "target": "labels"}


def _shapes(match: Match) -> str:
    """Returns a sentence with the shapes of predictions and labels, "" if the traceback does not have them."""
    logits, labels = match.context.shape("input"), match.context.shape("target")
    return (
        f" The predictions have shape {logits} and the labels {labels}."
        if logits is not None and labels is not None
        else ""
    )


def _exchanged(match: Match) -> bool:
    """Returns True if the predictions look like labels and the labels like predictions."""
    first, second = match.context.tensor("input"), match.context.tensor("target")
    if first is None or second is None or first.is_floating_point() or not second.is_floating_point():
        return False
    return second.dim() > first.dim() or (second.dim() == first.dim() and second.requires_grad)


def _exchanged_what(match: Match) -> str:
    first, second = match.context.shape("input"), match.context.shape("target")
    return (
        f"A loss takes the predictions first and the labels second, but the first tensor, of shape {first}, holds whole"
        f" numbers, as labels do, and the second, of shape {second}, fractions: they are exchanged."
    )


def _exchanged_fix(match: Match) -> str:
    call = match.context.code.call
    first, second = (text_of(node) for node in call.args[:2]) if call and len(call.args) > 1 else ("", "")
    if first and second:
        return f"Exchange the two: `{text_of(call.func) if call else ''}({second}, {first})`."
    return "Exchange the two: `F.cross_entropy(logits, labels)`, or `criterion(logits, labels)`."


def _not_whole_fix(match: Match) -> str:
    labels = match.context.tensor("target")
    if labels is not None and labels.is_floating_point() and bool((labels != labels.round()).any()):
        return (
            "The labels have fractions, so they are quantities and no classes: predict them with `nn.MSELoss()`, from a"
            " last layer with one output."
        )
    return "Convert the labels: `labels.long()`, or read them with `dtype=torch.long`."


def _out_of_bounds(match: Match) -> str:
    logits = match.context.shape("input")
    if logits:
        classes = logits[1] if len(logits) > 1 else logits[0]
        have = (
            "1 class: the only label is 0" if classes == 1 else f"{classes} classes: labels must be 0 to {classes - 1}"
        )
        return f"A label is {match['label']}, but the predictions, of shape {logits}, have {have}."
    return f"A label is {match['label']}, but there is no such class: labels must be 0 to the number of classes - 1."


def _out_of_bounds_fix(match: Match) -> str:
    logits, labels = match.context.shape("input"), match.context.tensor("target")
    classes = 0 if not logits else logits[1] if len(logits) > 1 else logits[0]
    if classes == 1 and match["label"] == "1":
        return (
            "Cross-entropy needs an output for each class: give the last layer 2. With one output for yes or no use"
            " `nn.BCEWithLogitsLoss()`, with `labels.float().unsqueeze(1)`."
        )
    if classes and int(match["label"]) == classes and labels is not None and int(labels.min()) == 0:
        return f"There are labels from 0 to {int(labels.max())}: give the last layer {int(labels.max()) + 1} outputs."
    if classes and int(match["label"]) == classes:
        return "If the labels count from 1, subtract it: `labels - 1`; otherwise give the last layer one more output."
    if int(match["label"]) < 0:
        return (
            "Look at `labels.min()`: class numbers begin at 0. Of labels -1 and 1 make 0 and 1, `(labels > 0).long()`;"
            " with `ignore_index=-1` examples of this label are left out."
        )
    return "Look at `labels.min()` and `labels.max()`, and give the last layer as many outputs as there are classes."


def _one_label_each(match: Match) -> str:
    return (
        "Cross-entropy takes one class number per example: logits [n, classes] and labels [n], but the labels have "
        "more dimensions." + _shapes(match)
    )


def _one_label_each_fix(match: Match) -> str:
    logits, labels = match.context.shape("input"), match.context.shape("target")
    if logits and labels and labels[-1] == 1:
        return "Take the dimension of size 1 away: `labels.squeeze(1)`."
    if logits and labels and labels == logits:
        return "One-hot labels become class numbers with `labels.argmax(dim=1)`."
    return "Use `labels.squeeze(1)` for labels of shape [n, 1], `labels.argmax(dim=1)` for one-hot labels."


def _whole_probabilities(match: Match) -> str:
    logits = match.context.shape("input")
    if logits is not None and len(logits) == 1 and not _floating(match, "input"):
        return (
            f"Cross-entropy needs a logit for every class, shape [n, classes], but the predictions have shape {logits} "
            "and are whole numbers: they look like class numbers after an `argmax`."
        )
    return (
        "Predictions and labels have the same shape, so the labels count as probabilities of the classes, but they are "
        f"{match.dtype('dtype')}, not floating point." + _shapes(match)
    )


def _whole_probabilities_fix(match: Match) -> str:
    logits = match.context.shape("input")
    if logits is not None and len(logits) == 1:
        return (
            "Give the loss the logits as they come from the model, [n, classes]; take the `argmax` only to count right "
            "answers."
        )
    return "Give class numbers, `labels.argmax(dim=1)`, or make one-hot labels floating: `labels.float()`."


def _floating(match: Match, name: str) -> bool:
    value = match.context.tensor(name)
    return value is not None and value.is_floating_point()


def _picture_labels_fix(match: Match) -> str:
    labels = match.context.shape("target")
    if labels and len(labels) == 4 and labels[1] > 1 and labels == match.context.shape("input"):
        return "One-hot labels become class numbers with `labels.argmax(dim=1)`."
    if labels and len(labels) == 4 and labels[1] > 1:
        return (
            "A mask with colours becomes class numbers, one for each colour; read a grey one with one channel,"
            " `Image.open(path).convert('L')`."
        )
    return "Take away a channel dimension of size 1: `labels.squeeze(1)`."


def _no_probabilities(match: Match) -> str:
    if _has_nan(match):
        return f"There is NaN (not a number) among the {_SIDES[match['which']]}." + _shapes(match)
    return (
        "Binary cross-entropy takes probabilities, between 0 and 1, but got other "
        + ("predictions (logits, perhaps: scores before the sigmoid)." if match["which"] == "input" else "labels.")
        + _shapes(match)
    )


def _no_probabilities_fix(match: Match) -> str:
    if _has_nan(match):
        return (
            "Look for where it begins with `x.isnan().any()`: first in the data (an empty cell, 0 / 0 in a"
            " normalisation), then in the weights, which too large a learning rate makes NaN."
        )
    if match["which"] == "input":
        return (
            "Use `F.binary_cross_entropy_with_logits(logits, labels)`, which applies the sigmoid itself, or give it "
            "`torch.sigmoid(logits)`."
        )
    labels = match.context.tensor("target")
    if labels is not None and (labels.dim() > 2 or bool((labels != labels.round()).any()) or int(labels.max()) > 99):
        return (
            "Scale what should be predicted to between 0 and 1: pixels of 0 to 255 by `/ 255`, those of -1 to 1 by"
            " `(x + 1) / 2`; for other quantities use `nn.MSELoss()`."
        )
    return "Labels must be 0 or 1 here; for more classes use `F.cross_entropy`."


def _has_nan(match: Match) -> bool:
    value = match.context.tensor(match["which"])
    return value is not None and bool(value.isnan().any())


def _places_fix(match: Match) -> str:
    """Tells classes that stand last from predictions and labels of different sizes."""
    predictions = match.context.shape("input") or match.sizes("input")
    labels = match.context.shape("target") or match.sizes("target")
    if predictions and labels and predictions[:-1] != labels and len(predictions) == len(labels) + 1:
        if predictions[0] != labels[0]:
            return "Take predictions and labels from the same batch."
        if len(predictions) == 4:
            return (
                "Bring both to one size: `F.interpolate(logits, size=labels.shape[-2:])` for the predictions, or"
                " pictures and labels of a size, and a padding, with which the model keeps the size."
            )
        return "There must be a prediction for each label: cut or pad both to the same length."
    return (
        "The classes stand in dimension 1 of the predictions, [n, classes, ...], and the labels are [n, ...]; "
        + ("`x.permute(0, 3, 1, 2)`" if len(predictions) == 4 else "`x.transpose(1, 2)`")
        + " brings the classes there."
    )


def _pair(match: Match) -> str:
    labels, predictions = match.sizes("target"), match.sizes("input")
    return (
        f"This loss compares number with number, but the predictions have shape {predictions} and the labels {labels}."
    )


def _pair_fix(match: Match) -> str:
    labels, predictions = match.sizes("target"), match.sizes("input")
    if predictions == [*labels, 1]:
        return (
            "Give the labels the same shape, `labels.unsqueeze(1)`, or take the last dimension from the predictions, "
            "`predictions.squeeze(1)`."
        )
    if labels == [*predictions, 1]:
        return (
            "Take the last dimension away from the labels, `labels.squeeze(1)`, or give the predictions the same shape,"
            " `predictions.unsqueeze(1)`."
        )
    if len(predictions) == len(labels) + 1 and predictions[:-1] == labels:
        return (
            f"The model gives {predictions[-1]} numbers for each example, and there is one label. For two classes let"
            " its last layer give one number; for a score of each class use `nn.CrossEntropyLoss`, with class numbers"
            " as labels, `labels.long()`."
        )
    return "Make both shapes equal; never rely on broadcasting in a loss, it compares everything with everything."


RULES = (
    Rule(
        "unknown-reduction",
        "value",
        r"^ValueError: (?P<value>.+) is not a valid value for reduction",
        "`{value}` is not a way to put the losses of the examples together.",
        "It is `reduction='mean'`, `'sum'` or, for one loss for each example, `'none'`.",
        ("loss",),
    ),
    Rule(
        "loss-arguments-exchanged",
        "python",
        r"^(?:RuntimeError|NotImplementedError|ValueError|IndexError): ",
        _exchanged_what,
        _exchanged_fix,
        ("logits", "label"),
        when=_exchanged,
    ),
    Rule(
        "class-weights-not-a-tensor",
        "python",
        r"cannot assign '(?P<type>\w+)' object to buffer '(?P<name>\w+)'",
        "`{name}` must be a tensor, but got a `{type}`.",
        "Make a tensor of it: `nn.CrossEntropyLoss(weight=torch.tensor(weights))`.",
        ("tensor",),
    ),
    Rule(
        "class-weights-count",
        "shape",
        r"weight tensor should be defined either for all (?P<classes>\d+) classes or no classes but got weight"
        r" tensor of "
        r"shape: (?P<shape>\[[\d, ]*\])",
        "The loss needs one weight for each of the {classes} classes, but its weights have shape {shape}.",
        "Give {classes} weights, or give the last layer as many outputs as there are classes.",
        ("class", "cross-entropy"),
    ),
    Rule(
        "labels-not-whole-numbers",
        "dtype",
        r"expected target dtype to be Long or Byte, but got (?P<dtype>\w+)|expected scalar type Long but found "
        r"(?P<dtype2>\w+)",
        lambda match: (
            f"Class labels must be whole numbers of dtype int64 (called long), but they are {match.dtype('dtype')}."
            + _shapes(match)
        ),
        _not_whole_fix,
        ("label", "dtype", "cross-entropy"),
    ),
    Rule(
        "label-out-of-bounds",
        "index",
        r"Target (?P<label>-?\d+) is out of bounds",
        _out_of_bounds,
        _out_of_bounds_fix,
        ("label", "class", "cross-entropy"),
    ),
    Rule(
        "labels-with-too-many-dimensions",
        "shape",
        r"0D or 1D target tensor expected, multi-target not supported",
        _one_label_each,
        _one_label_each_fix,
        ("label", "one-hot", "cross-entropy"),
    ),
    Rule(
        "labels-as-probabilities",
        "dtype",
        r"Expected floating point type for target with class probabilities, got (?P<dtype>\w+)",
        _whole_probabilities,
        _whole_probabilities_fix,
        ("one-hot", "logits", "cross-entropy"),
    ),
    Rule(
        "loss-batch-sizes",
        "shape",
        r"Expected input batch_size \((?P<a>\d+)\) to match target batch_size \((?P<b>\d+)\)",
        lambda match: f"There are predictions for {match['a']} examples but labels for {match['b']}." + _shapes(match),
        lambda match: (
            "A batch of one example needs its label as a vector of one: `labels.unsqueeze(0)`."
            if match.context.shape("target") == [] and match["a"] == "1"
            else "Take predictions and labels from the same batch, and check that no `flatten()` or `view(-1)` mixes"
            " the batch into the features: `x.flatten(1)` keeps it."
        ),
        ("batch", "label"),
    ),
    Rule(
        "loss-picture-labels",
        "shape",
        r"only batches of spatial targets supported \(3D tensors\) but got targets of dimension: (?P<dims>\d+)",
        lambda match: (
            f"For a label per pixel the labels have shape [n, height, width], but these have {match['dims']} "
            "dimensions." + _shapes(match)
        ),
        _picture_labels_fix,
        ("label", "channel"),
    ),
    Rule(
        "loss-picture-sizes",
        "shape",
        r"size mismatch \(got input: (?P<input>\[[\d, ]*\]) , target: (?P<target>\[[\d, ]*\])|Expected target size "
        r"(?P<want>\[[\d, ]*\]), got (?P<got>\[[\d, ]*\])",
        lambda match: (
            f"The labels have shape {match['target']}, which does not belong to predictions of shape {match['input']}."
            if match["target"]
            else (
                f"The labels should have shape {match['want']}, all sizes of the predictions but that of the "
                f"classes, and have {match['got']}."
            )
        ),
        _places_fix,
        ("label", "class"),
    ),
    Rule(
        "probabilities-out-of-range",
        "value",
        r"all elements of (?P<which>input|target) should be between 0 and 1",
        _no_probabilities,
        _no_probabilities_fix,
        ("logits", "sigmoid", "cross-entropy"),
    ),
    Rule(
        "loss-shapes",
        "shape",
        r"(?:Using a target size|Target size) \(torch\.Size\((?P<target>\[[\d, ]*\])\)\) .*"
        r" (?:the|as) input size \(torch\.Size\((?P<input>\[[\d, ]*\])\)\)",
        _pair,
        _pair_fix,
        ("label", "shape", "broadcasting"),
    ),
    Rule(
        "loss-of-whole-labels",
        "dtype",
        r"Found dtype (?P<got>\w+) but expected (?P<want>\w+)",
        lambda match: (
            f"This loss computes with {match.dtype('want')}, but the labels are {match.dtype('got')}." + _shapes(match)
        ),
        "Convert the labels: `labels.float()`. Only cross-entropy over several classes takes whole numbers.",
        ("label", "dtype"),
    ),
)
