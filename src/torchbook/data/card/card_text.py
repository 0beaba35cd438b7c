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
from torchbook.data.phrasing import printable
from torchbook.options import typed

_LINES = 10


def card_data(data: Dataset, findings: Sequence[Finding]) -> dict[str, Any]:
    """Everything on the card but the pictures, for JSON."""
    return asdict(data.card) | {
        "sizes": {split: len(getattr(data, split)) for split in ("train", "valid", "test")},
        "sample_shape": list(data.sample_shape),
        "dtype": str(data.train.inputs.dtype).removeprefix("torch."),
        "balance": balance(data),
        "findings": [asdict(finding) for finding in findings],
    }


def card_text(data: Dataset, findings: Sequence[Finding], path: Path, *, whole: bool = False) -> RenderableType:
    """Returns what a person reads in the terminal; `path` is where the page is. Lists end after ten lines, unless the
    `whole` is asked for, with every file that was left out."""
    card = data.card
    shape = " x ".join(map(str, data.sample_shape))
    sizes = ", ".join(f"{len(getattr(data, split)):,} {split}" for split in ("train", "valid", "test"))
    parts: list[RenderableType] = [
        Text(card.title, style="bold"),
        Text(f"{card.task}; {sizes}; one example is {shape}"),
        *(Text(words, style="dim") for words in (card.licence, card.source) if words),
    ]
    if counts := balance(data):
        parts += ["", *_balance(data, counts, whole)]
    if columns := card.extra.get("columns"):
        parts += ["", *_columns(card.extra["target"], columns, whole)]
    if card.notes:
        parts += ["", *(Text(line) for line in _cut([f"· {typed(note)}" for note in card.notes], whole))]
    warnings = [f"▲ {typed(finding.text)}" for finding in findings]
    if whole:
        parts += ["", *map(Text, map(printable, _left_out(card.extra.get("left_out", {}))))]
    parts += ["", *(Text(line, style="yellow") for line in _cut(warnings, whole))]
    if not findings:
        parts.append(Text("nothing found that needs a second look", style="green"))
    return Group(*parts, "", Text(f"the card with examples is in {path}"))


def _balance(data: Dataset, counts: dict[str, dict[str, int]], whole: bool) -> list[RenderableType]:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("class", *counts):
        table.add_column(title, justify="left" if title == "class" else "right")
    rows = [[name, *(f"{part[name]:,}" for part in counts.values())] for name in data.card.classes]
    return _filled(table, rows, whole)


def _columns(target: dict[str, Any], columns: Sequence[dict[str, Any]], whole: bool) -> list[RenderableType]:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("column", "kind", "why", "what the model sees"):
        table.add_column(title, overflow="fold")
    table.add_row(target["name"], "target", target["why"], "")
    rows = [[column[key] for key in ("name", "kind", "reason", "encoding")] for column in columns]
    return _filled(table, rows, whole)


def _filled(table: Table, rows: Sequence[Sequence[str]], whole: bool) -> list[RenderableType]:
    *lines, last = _cut(rows, whole)
    for row in lines:
        table.add_row(*row)
    if isinstance(last, str):
        return [table, Text(last)]
    table.add_row(*last)
    return [table]


def _cut(lines: Sequence[Any], whole: bool) -> list[Any]:
    """The lines of a list, or so many of them and how to see all."""
    if whole or len(lines) <= _LINES + 1:
        return list(lines)
    return [*lines[:_LINES], f"and {len(lines) - _LINES:,} more: --all shows them"]


def _left_out(files: Any) -> list[str]:
    """Every file or row that was left out, by the reason."""
    return [f"left out, {reason}: {name}" for reason, names in dict(files).items() for name in map(str, names)]
