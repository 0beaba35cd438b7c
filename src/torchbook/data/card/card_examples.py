"""Examples of a data set as HTML: pictures by class, points of the plane, rows, sequences."""

from collections.abc import Sequence
from html import escape

import torch
from torch import Tensor

from torchbook.data.card.thumbnails import line, picture, scatter
from torchbook.data.dataset import Dataset, Split

_ROWS = 10
_FEATURES = 40


def examples(data: Dataset) -> str:
    """Examples of the training split, ten of each class where there are few classes."""
    split, kind = data.train, data.card.kind
    if kind in ("images", "volumes"):
        return _pictures(data)
    if kind == "points" and data.sample_shape == (2,) and split.labels is not None and split.labels.ndim == 1:
        legend = "".join(
            f'<span><i class="b c{i % 8}"></i>{escape(name)}</span>' for i, name in enumerate(data.card.classes)
        )
        return f'<div class="plane">{scatter(split.inputs, split.labels)}<p class=legend>{legend}</p></div>'
    names = names_of(data)[:_FEATURES]
    if kind == "sequences":
        # Where a row lies in the week or year is no news, so it comes last.
        order = sorted(range(len(names)), key=lambda i: "sine of the" in names[i])[:6]
        rows = [[line(split.inputs[i, k]) for k in order] + _label(data, split, i) for i in _chosen(split, 6)]
        return table([*(names[k] for k in order), *_targets(data)], rows)
    words = {
        column["name"]: column["categories"] for column in data.card.extra.get("columns", []) if "dimension" in column
    }
    rows = [
        [_value(value, words.get(name)) for name, value in zip(names, split.inputs[i].tolist())]
        + _label(data, split, i)
        for i in _chosen(split, _ROWS)
    ]
    return table([*names, *_targets(data)], rows)


def _value(value: float, categories: Sequence[str] | None) -> str:
    if categories is None:
        return f"{round(value, 6) + 0.0:.5g}"
    return escape(categories[int(value) - 1]) if value else "(rare)"


def _pictures(data: Dataset) -> str:
    split, classes = data.train, data.card.classes
    if data.card.task == "classification" and split.labels is not None and len(classes) <= _ROWS:
        rows = []
        for label, name in enumerate(classes):
            where = (split.labels == label).nonzero().flatten()
            images = "".join(image(split.inputs[i]) for i in _spread(where, 10))
            rows.append(f"<div class=row><span class=label>{escape(name)}</span><div class=strip>{images}</div></div>")
        return "".join(rows)
    if data.card.kind == "volumes" and len(split) == 1:
        slices = _spread(torch.arange(data.sample_shape[1]), 40)
        pictures = (f"<figure>{image(split.inputs[0, :, i])}<figcaption>{i + 1}</figcaption></figure>" for i in slices)
        return f"<div class=strip>{''.join(pictures)}</div>"
    figures = []
    for i in _chosen(split, 40):
        words = " ".join(_label(data, split, i))
        figures.append(f"<figure>{image(split.inputs[i])}<figcaption>{words}</figcaption></figure>")
    return f"<div class=strip>{''.join(figures)}</div>"


def _label(data: Dataset, split: Split, i: int) -> list[str]:
    if split.labels is None:
        return []
    label = split.labels[i]
    if data.card.task == "multilabel":
        return [f"<b>{escape(', '.join(data.card.classes[k] for k in label.nonzero().flatten().tolist()))}</b>"]
    if label.ndim:
        return [f"<b>{value:.5g}</b>" for value in label.flatten().tolist()[:8]]
    return [f"<b>{escape(data.card.classes[int(label)]) if data.card.classes else f'{label.item():.5g}'}</b>"]


def _targets(data: Dataset) -> list[str]:
    if data.train.labels is None:
        return []
    return list(data.card.targets) or ["class"]


def _chosen(split: Split, count: int) -> list[int]:
    return _spread(torch.arange(len(split)), count)


def _spread(indices: Tensor, count: int) -> list[int]:
    """Some of the indices, the same ones each time, from all over."""
    return indices[torch.linspace(0, max(0, len(indices) - 1), min(count, len(indices))).long()].tolist()


def image(example: Tensor) -> str:
    """A picture, or the middle slice of a volume."""
    return f'<img src="{picture(example)}" alt="">'


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; titles are escaped here, cells are HTML already."""
    head = "".join(f"<th>{escape(title)}</th>" for title in titles)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def names_of(data: Dataset) -> list[str]:
    """Returns what the features or channels are called."""
    count = data.sample_shape[0]
    if len(data.card.features) == count:
        return list(data.card.features)
    if data.card.kind in ("images", "volumes"):
        return (
            ["red", "green", "blue"]
            if count == 3
            else ["grey"]
            if count == 1
            else [f"channel {i}" for i in range(count)]
        )
    return [f"feature {i + 1}" for i in range(count)]
