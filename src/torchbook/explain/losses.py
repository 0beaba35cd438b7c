"""Losses: predictions and labels that do not belong together."""

from torchbook.explain.rule import Found, Row


def _shapes(found: Found) -> str:
    """The shapes of what the loss was given, as far as the traceback tells them."""
    logits, labels = found.scene.shape("input"), found.scene.shape("target")
    return (
        f" The predictions have shape {logits} and the labels {labels}."
        if logits is not None and labels is not None
        else ""
    )


def _out_of_bounds(found: Found) -> str:
    logits = found.scene.shape("input")
    if logits:
        classes = logits[1] if len(logits) > 1 else logits[0]
        return (
            f"A label is {found['label']}, but the predictions, of shape {logits}, have {classes} classes: labels must "
            f"be 0 to {classes - 1}."
        )
    return f"A label is {found['label']}, but there is no such class: labels must be 0 to the number of classes - 1."


def _out_of_bounds_fix(found: Found) -> str:
    logits = found.scene.shape("input")
    if logits and int(found["label"]) == (logits[1] if len(logits) > 1 else logits[0]):
        return "If the labels count from 1, subtract it: `labels - 1`; otherwise give the last layer one more output."
    return "Look at `labels.min()` and `labels.max()`, and give the last layer as many outputs as there are classes."


def _one_label_each(found: Found) -> str:
    return (
        "Cross-entropy takes one class number per example: logits [n, classes] and labels [n], but the labels have "
        "more dimensions." + _shapes(found)
    )


def _one_label_each_fix(found: Found) -> str:
    logits, labels = found.scene.shape("input"), found.scene.shape("target")
    if logits and labels and labels[-1] == 1:
        return "Take the dimension of size 1 away: `labels.squeeze(1)`."
    if logits and labels and labels == logits:
        return "One-hot labels become class numbers with `labels.argmax(dim=1)`."
    return "Use `labels.squeeze(1)` for labels of shape [n, 1], `labels.argmax(dim=1)` for one-hot labels."


def _whole_probabilities(found: Found) -> str:
    logits = found.scene.shape("input")
    if logits is not None and len(logits) == 1 and not _floating(found, "input"):
        return (
            f"Cross-entropy needs a logit for every class, shape [n, classes], but the predictions have shape {logits} "
            "and are whole numbers: they look like class numbers after an `argmax`."
        )
    return (
        "Predictions and labels have the same shape, so the labels count as probabilities of the classes, but they are "
        f"{found.dtype('dtype')}, not floating point." + _shapes(found)
    )


def _whole_probabilities_fix(found: Found) -> str:
    logits = found.scene.shape("input")
    if logits is not None and len(logits) == 1:
        return (
            "Give the loss the logits as they come from the model, [n, classes]; take the `argmax` only to count right "
            "answers."
        )
    return "Give class numbers, `labels.argmax(dim=1)`, or make one-hot labels floating: `labels.float()`."


def _floating(found: Found, name: str) -> bool:
    value = found.scene.tensor(name)
    return value is not None and value.is_floating_point()


def _pair(found: Found) -> str:
    target, given = found.sizes("target"), found.sizes("input")
    return f"This loss compares number with number, but the predictions have shape {given} and the labels {target}."


def _pair_fix(found: Found) -> str:
    target, given = found.sizes("target"), found.sizes("input")
    if given == [*target, 1]:
        return (
            "Give the labels the same shape, `labels.unsqueeze(1)`, or take the last dimension from the predictions, "
            "`predictions.squeeze(1)`."
        )
    return "Make both shapes equal; never rely on broadcasting in a loss, it compares everything with everything."


ROWS = (
    Row(
        "labels-not-whole-numbers",
        "dtype",
        r"expected target dtype to be Long or Byte, but got (?P<dtype>\w+)|expected scalar type Long but found "
        r"(?P<dtype2>\w+)",
        lambda found: (
            f"Class labels must be whole numbers of dtype int64 (called long), but they are {found.dtype('dtype')}."
            + _shapes(found)
        ),
        "Convert the labels: `labels.long()`, or read them with `dtype=torch.long`.",
        ("label", "dtype", "cross-entropy"),
    ),
    Row(
        "label-out-of-bounds",
        "index",
        r"Target (?P<label>-?\d+) is out of bounds",
        _out_of_bounds,
        _out_of_bounds_fix,
        ("label", "class", "cross-entropy"),
    ),
    Row(
        "labels-with-too-many-dimensions",
        "shape",
        r"0D or 1D target tensor expected, multi-target not supported",
        _one_label_each,
        _one_label_each_fix,
        ("label", "one-hot", "cross-entropy"),
    ),
    Row(
        "labels-as-probabilities",
        "dtype",
        r"Expected floating point type for target with class probabilities, got (?P<dtype>\w+)",
        _whole_probabilities,
        _whole_probabilities_fix,
        ("one-hot", "logits", "cross-entropy"),
    ),
    Row(
        "loss-batch-sizes",
        "shape",
        r"Expected input batch_size \((?P<a>\d+)\) to match target batch_size \((?P<b>\d+)\)",
        lambda found: f"There are predictions for {found['a']} examples but labels for {found['b']}." + _shapes(found),
        "Take predictions and labels from the same batch, and check that no `flatten()` or `view(-1)` mixes the batch "
        "into the features: `x.flatten(1)` keeps it.",
        ("batch", "label"),
    ),
    Row(
        "loss-picture-labels",
        "shape",
        r"only batches of spatial targets supported \(3D tensors\) but got targets of dimension: (?P<dims>\d+)",
        lambda found: (
            f"For a label per pixel the labels have shape [n, height, width], but these have {found['dims']} "
            "dimensions." + _shapes(found)
        ),
        "Take away a channel dimension of size 1: `labels.squeeze(1)`.",
        ("label", "channel"),
    ),
    Row(
        "loss-picture-sizes",
        "shape",
        r"size mismatch \(got input: (?P<input>\[[\d, ]*\]) , target: (?P<target>\[[\d, ]*\])|Expected target size "
        r"(?P<want>\[[\d, ]*\]), got (?P<got>\[[\d, ]*\])",
        lambda found: (
            f"The labels have shape {found['target']}, which does not belong to predictions of shape {found['input']}."
            if found["target"]
            else f"The labels should have shape {found['want']}, all sizes of the predictions but that of the "
            f"classes, and have {found['got']}."
        ),
        "The classes stand in dimension 1 of the predictions, [n, classes, ...], and the labels are [n, ...]; "
        "`x.transpose(1, 2)` brings the classes there.",
        ("label", "class"),
    ),
    Row(
        "probabilities-out-of-range",
        "value",
        r"all elements of (?P<which>input|target) should be between 0 and 1",
        lambda found: (
            "Binary cross-entropy takes probabilities, between 0 and 1, but got other "
            + ("predictions (logits, perhaps: scores before the sigmoid)." if found["which"] == "input" else "labels.")
            + _shapes(found)
        ),
        lambda found: (
            "Use `F.binary_cross_entropy_with_logits(logits, labels)`, which applies the sigmoid itself, or give it "
            "`torch.sigmoid(logits)`."
            if found["which"] == "input"
            else "Labels must be 0 or 1 here; for more classes use `F.cross_entropy`."
        ),
        ("logits", "sigmoid", "cross-entropy"),
    ),
    Row(
        "loss-shapes",
        "shape",
        r"(?:Using a target size|Target size) \(torch\.Size\((?P<target>\[[\d, ]*\])\)\) .*"
        r" (?:the|as) input size \(torch\.Size\((?P<input>\[[\d, ]*\])\)\)",
        _pair,
        _pair_fix,
        ("label", "shape", "broadcasting"),
    ),
    Row(
        "loss-of-whole-labels",
        "dtype",
        r"Found dtype (?P<got>\w+) but expected (?P<want>\w+)",
        lambda found: (
            f"This loss computes with {found.dtype('want')}, but the labels are {found.dtype('got')}." + _shapes(found)
        ),
        "Convert the labels: `labels.float()`. Only cross-entropy over several classes takes whole numbers.",
        ("label", "dtype"),
    ),
)
