"""The card of a data set in a terminal, and as plain values for machines."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from torchbook.data.card.inspection import Finding, balance
from torchbook.data.dataset import Dataset

_CLASSES = 20


def card_data(data: Dataset, findings: Sequence[Finding]) -> dict[str, Any]:
    """Everything on the card but the pictures, for JSON."""
    return asdict(data.card) | {
        "sizes": {split: len(getattr(data, split)) for split in ("train", "valid", "test")},
        "sample_shape": list(data.sample_shape),
        "dtype": str(data.train.inputs.dtype).removeprefix("torch."),
        "balance": balance(data),
        "findings": [asdict(finding) for finding in findings],
    }


def card_text(data: Dataset, findings: Sequence[Finding], path: Path) -> RenderableType:
    """Returns what a person reads in the terminal; `path` is where the page is."""
    card = data.card
    shape = " x ".join(map(str, data.sample_shape))
    sizes = ", ".join(f"{len(getattr(data, split)):,} {split}" for split in ("train", "valid", "test"))
    parts: list[RenderableType] = [
        Text(card.title, style="bold"),
        Text(f"{card.task}; {sizes}; one example is {shape}"),
        *(Text(words, style="dim") for words in (card.licence, card.source) if words),
    ]
    if counts := balance(data):
        parts += ["", _balance(data, counts)]
    if columns := card.extra.get("columns"):
        parts += ["", _columns(card.extra["target"], columns)]
    if card.notes:
        parts += ["", *(Text(f"· {note}") for note in card.notes)]
    parts += ["", *(Text(f"▲ {finding.text}", style="yellow") for finding in findings)]
    if not findings:
        parts.append(Text("nothing found that needs a second look", style="green"))
    return Group(*parts, "", Text(f"the card with examples is in {path}"))


def _balance(data: Dataset, counts: dict[str, dict[str, int]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("class", *counts):
        table.add_column(title, justify="left" if title == "class" else "right")
    names = data.card.classes
    for name in names[:_CLASSES]:
        table.add_row(name, *(f"{part[name]:,}" for part in counts.values()))
    if len(names) > _CLASSES:
        table.add_row(f"and {len(names) - _CLASSES} more", *("" for _ in counts))
    return table


def _columns(target: dict[str, Any], columns: Sequence[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("column", "kind", "why", "what the model sees"):
        table.add_column(title, overflow="fold")
    table.add_row(target["name"], "target", target["why"], "")
    for column in columns:
        table.add_row(*(column[key] for key in ("name", "kind", "reason", "encoding")))
    return table
