"""The card of a data set as one page that needs nothing else: examples, balance, statistics and what was found."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import torch
from torch import Tensor

from torchbook.data.card.card_examples import examples, image, names_of, table
from torchbook.data.card.inspection import Finding, balance
from torchbook.data.card.thumbnails import histogram
from torchbook.data.dataset import Dataset
from torchbook.storage import write_atomically

_CLASSES = 40
_FEATURES = 100
_VALUES = 2_000_000
_SPLITS = {"train": "training", "valid": "validation", "test": "test"}


def write_card(data: Dataset, findings: Sequence[Finding], path: Path) -> None:
    """Writes the page into the file `path`; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, page(data, findings).encode())


def page(data: Dataset, findings: Sequence[Finding]) -> str:
    """The page as HTML: styles, pictures and charts are inside, and its policy forbids any request."""
    card = data.card
    sections = [
        ("Examples", examples(data)),
        ("What was found", _findings(data, findings)),
        ("Classes", _balance(data)),
        ("Columns", _columns(data)),
        ("Values", _values(data)),
        ("How it was read", _listed(card.notes)),
    ]
    body = "".join(f"<section><h2>{title}</h2>{content}</section>" for title, content in sections if content)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(card.name)}</title><style>{_STYLE}</style></head><body><main>"
        f"<header><p class=name>{escape(card.name)}</p><h1>{escape(card.title)}</h1>{_facts(data)}</header>"
        f"{body}</main></body></html>"
    )


def _facts(data: Dataset) -> str:
    card = data.card
    sizes = " / ".join(f"{len(split):,}" for split in data)
    numbers = data.train.inputs
    kind = str(numbers.dtype).removeprefix("torch.")
    total = sum(split.inputs.numel() * split.inputs.element_size() for split in data)
    facts = {
        "task": card.task,
        "train / valid / test": sizes,
        "one example": f"{' × '.join(map(str, data.sample_shape))} {kind}",
        "size": _bytes(total),
        "predicts": ", ".join(card.targets) or (f"{len(card.classes)} classes" if card.classes else ""),
        "safe changes": ", ".join(card.augment),
        "licence": card.licence,
        "source": card.source,
    }
    return "<dl>" + "".join(f"<div><dt>{k}</dt><dd>{escape(v)}</dd></div>" for k, v in facts.items() if v) + "</dl>"


def _findings(data: Dataset, findings: Sequence[Finding]) -> str:
    if not findings:
        return "<p class=fine>Nothing that needs a second look.</p>"
    items = []
    for finding in findings:
        pairs = ""
        if finding.pairs and data.card.kind == "images":
            images = (image(data.test.inputs[a]) + image(data.train.inputs[b]) for a, b in finding.pairs)
            pairs = '<div class="strip pairs">' + "".join(f"<span>{pair}</span>" for pair in images) + "</div>"
            pairs += "<p class=hint>Left the test example, right the training example.</p>"
        items.append(f"<li>{escape(finding.text)}{pairs}</li>")
    return f"<ul class=findings>{''.join(items)}</ul>"


def _balance(data: Dataset) -> str:
    counts = balance(data)
    if not counts:
        return ""
    every = {name: [counts[split][name] for split in _SPLITS] for name in data.card.classes}
    most = max(map(sum, every.values())) or 1
    chosen = sorted(every, key=lambda name: -sum(every[name]))[:_CLASSES] if len(every) > _CLASSES else list(every)
    rows = []
    for name in chosen:
        parts = "".join(
            f'<i class="{split}" style="width:{100 * count / most:.2f}%"></i>'
            for split, count in zip(_SPLITS, every[name])
        )
        rows.append(f"<tr><th>{escape(name)}</th><td class=bar>{parts}</td><td class=n>{sum(every[name]):,}</td></tr>")
    legend = "".join(f'<span><i class="b {split}"></i>{words}</span>' for split, words in _SPLITS.items())
    more = f"<p class=hint>The {_CLASSES} largest of {len(every):,} classes.</p>" if len(chosen) < len(every) else ""
    return f"<p class=legend>{legend}</p><table class=balance>{''.join(rows)}</table>{more}"


def _columns(data: Dataset) -> str:
    columns = data.card.extra.get("columns")
    if not columns:
        return ""
    target = data.card.extra["target"]
    rows = [[f"<b>{escape(target['name'])}</b>", _chip("target"), escape(target["why"]), "", _bars(data.train.labels)]]
    at = 0
    for column in columns[:_FEATURES]:
        count = len(column["features"])
        values = data.train.inputs[:, at : at + count]
        values = values[..., -1] if values.ndim == 3 else values
        chart = "" if not count else _bars(values.argmax(1) if column["encoding"] == "one-hot" else values[:, 0])
        how = f"{escape(column['encoding'])}<br><small>{escape(column['why'])}</small>"
        rows.append(
            [
                f"<b>{escape(column['name'])}</b>{' (its past)' * (column['role'] == 'past of the target')}",
                _chip(column["kind"]),
                escape(column["reason"]),
                how,
                chart,
            ]
        )
        at += count
    return table(["column", "kind", "why", "what the model sees", "training values"], rows) + _more(len(columns))


def _values(data: Dataset) -> str:
    if data.card.extra.get("columns") or not data.card.mean:
        return ""
    inputs = data.train.inputs.flatten(2) if data.train.inputs.ndim > 2 else data.train.inputs[:, :, None]
    chosen = inputs[:: max(1, len(inputs) * inputs.shape[2] // _VALUES)]
    rows = [
        [escape(name), f"{mean:.4g}", f"{std:.4g}", _bars(chosen[:, i].flatten().float())]
        for i, (name, mean, std) in enumerate(zip(names_of(data)[:_FEATURES], data.card.mean, data.card.std))
    ]
    scale = "<p class=hint>Pixels are counted from 0 to 1.</p>" if inputs.dtype == torch.uint8 else ""
    return table(["", "mean", "standard deviation", "training values"], rows) + scale + _more(len(data.card.mean))


def _more(count: int) -> str:
    return f"<p class=hint>The first {_FEATURES} of {count:,}.</p>" if count > _FEATURES else ""


def _bars(values: Tensor | None) -> str:
    return "" if values is None else histogram(values.flatten().float())


def _chip(word: str) -> str:
    return f"<span class=chip>{escape(word)}</span>"


def _listed(notes: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>" if notes else ""


def _bytes(count: int | float) -> str:
    for unit in ("bytes", "KB", "MB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} GB"


_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = (Path(__file__).parent / "card.css").read_text()
