"""What may be wrong with a data set: copies across the split, tiny classes, columns that say too much or nothing."""

from collections import Counter
from dataclasses import dataclass
from typing import Literal, get_args

import torch

from torchbook.data.dataset import Dataset, Split
from torchbook.data.images.duplicates import LOOKED_AT, equal, names, near_pictures
from torchbook.data.images.mirror import against_mirroring
from torchbook.data.tables.leaks import constant, leaks

What = Literal["leak", "contradictions", "copies", "mirror", "few", "classes", "constant"]

_FEW = 10
_SHOWN = 12


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at: a sentence, and where there are some, pairs `(in test, in train)`."""

    what: What
    text: str
    pairs: tuple[tuple[int, int], ...] = ()


def inspect(data: Dataset) -> list[Finding]:
    """Returns what is found in a data set, the worst first; nothing is changed, and nothing of it need be wrong."""
    findings = [*_copies(data), *_contradictions(data), *_mirror(data), *_classes(data), *_columns(data)]
    return sorted(findings, key=lambda finding: get_args(What).index(finding.what))


def _copies(data: Dataset) -> list[Finding]:
    train, test = data.train.inputs, data.test.inputs
    if not len(test) or (len(train) == len(test) and torch.equal(train, test)):
        return []  # The latter is too small to split, which the card says.
    looked = len(test)
    if data.card.kind == "images":
        same = equal(train, test) if len(train) <= LOOKED_AT[0] else []
        pairs = dict([*near_pictures(train, test), *same])
        looked, what = min(looked, LOOKED_AT[1]), "nearly the same as one in the training split"
    elif data.card.kind in ("table", "points"):
        pairs, what = dict(equal(train, test, data.normalize)), "equal in all inputs to one in the training split"
    else:
        pairs, what = dict(equal(train, test)), "in the training split as well"
    if not pairs:
        return []
    verb = "is" if len(pairs) == 1 else "are"
    text = f"{len(pairs):,} of {looked:,} test examples ({_percent(len(pairs) / looked)}) {verb} {what}."
    text += " The test flatters." if len(pairs) > looked / 100 else ""
    return [Finding("copies", text, tuple(sorted(pairs.items())[:_SHOWN]))]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share > 0.01 else f"{100 * share:.2g} %"


def _contradictions(data: Dataset) -> list[Finding]:
    labels = data.train.labels
    large = data.card.kind in ("images", "volumes") and len(data.train) > LOOKED_AT[0]
    if data.card.task != "classification" or labels is None or large:
        return []
    seen: dict[bytes, set[int]] = {}
    digests = names(data.train.inputs)
    for name, label in zip(digests, labels.tolist()):
        seen.setdefault(name, set()).add(label)
    torn = sum(len(seen[name]) > 1 for name in digests)
    if not torn:
        return []
    text = f"{torn:,} of {len(digests):,} training examples have a twin with another label"
    return [Finding("contradictions", f"{text}: no model can be right about both.")]


def _mirror(data: Dataset) -> list[Finding]:
    labels = data.train.labels
    if "flip" not in data.card.augment or data.card.task != "classification" or labels is None:
        return []
    torn = against_mirroring(data.train.inputs, labels)
    if torn is None:
        return []
    text = f"{torn[0]:,} of {torn[1]:,} training pictures resemble another class in a mirror"
    return [Finding("mirror", f"{text}, and training mirrors them: mirror=False leaves them.")]


def _classes(data: Dataset) -> list[Finding]:
    counts = balance(data)
    if not counts:
        return []
    findings = []
    if paired := data.card.extra.get("paired"):
        pictures, masks = map(repr, paired)
        text = f"{pictures} and {masks} hold files of the same names: are the second the masks of the first?"
        text += " Then these are no two classes; segmentation is no recipe here."
        findings.append(Finding("classes", text))
    train, test = counts["train"], counts["test"]
    tiny = [name for name, count in train.items() if count < _FEW]
    if tiny and sum(train.values()) >= _FEW * len(train):
        text = f"{_some(tiny, train)}: fewer than {_FEW} training examples each, too few to learn from."
        findings.append(Finding("few", text))
    rare = [name for name, count in train.items() if _FEW <= count < max(train.values()) / 20]
    if rare:
        text = (
            f"{_some(rare, train)}: less than a twentieth of the largest class; accuracy hides how these are treated."
        )
        findings.append(Finding("classes", text))
    lacking = [name for name in train if not test[name]]
    if lacking:
        findings.append(
            Finding("classes", f"{_some(lacking, train)}: no example in the test split, so nothing is measured.")
        )
    return findings


def _columns(data: Dataset) -> list[Finding]:
    if data.card.kind not in ("table", "sequences"):
        return []
    findings = [Finding("constant", f"{name!r} has the same value in every training row.") for name in constant(data)]
    if data.card.kind == "table":
        findings += [Finding("leak", f"{text}: is it known before the target is?") for _, text in leaks(data)]
    return findings


def balance(data: Dataset) -> dict[str, dict[str, int]]:
    """Returns how many examples each class (or tag) has in each split; empty where there are none."""
    if data.card.task not in ("classification", "multilabel") or data.train.labels is None:
        return {}
    return {split: _counts(getattr(data, split), data.card.classes) for split in ("train", "valid", "test")}


def _counts(split: Split, classes: tuple[str, ...]) -> dict[str, int]:
    if split.labels is not None and split.labels.ndim == 2:
        return {name: int(count) for name, count in zip(classes, split.labels.sum(0))}
    counts = Counter([] if split.labels is None else split.labels.tolist())
    return {name: counts[i] for i, name in enumerate(classes)}


def _some(chosen: list[str], counts: dict[str, int]) -> str:
    named = ", ".join(f"{name!r} ({counts[name]})" for name in chosen[:6])
    more = f" and {len(chosen) - 6} more" if len(chosen) > 6 else ""
    return f"Class {named}{more}" if len(chosen) == 1 else f"Classes {named}{more}"
