"""The report of a tour: one page that needs no network, with what was learnt and how well."""

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from torchbook.data import Dataset
from torchbook.evaluation.measures import confusion
from torchbook.inference.predict import load_model
from torchbook.measure_text import measure_text, per_cent
from torchbook.png import png_address
from torchbook.reporting import svg
from torchbook.run import Run
from torchbook.storage import write_atomically


def write_report(file: Path, chapters: Sequence[tuple[Run, Dataset, str, str]], rows: Sequence[dict[str, Any]]) -> None:
    """Writes the page: a table of all recipes, then a chapter for each run with its data set, a title
    and a sentence about it."""
    style = files("torchbook.reporting").joinpath("report.css").read_text()
    body = [
        "<h1>From a straight line to a GAN</h1>",
        "<p>Every model on this page was trained a moment ago, on this machine. "
        "Test sets were used once, at the end.</p>",
        _table(rows),
    ]
    body += [_chapter(*chapter) for chapter in chapters]
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>torchbook tour</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        f"<body>{''.join(body)}</body></html>"
    )
    write_atomically(file, page.encode())


def _table(rows: Sequence[dict[str, Any]]) -> str:
    heads = list(rows[0])
    cells = "".join("<tr>" + "".join(f"<td>{escape(str(row[head]))}</td>" for head in heads) + "</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{"".join(f"<th>{escape(h)}</th>" for h in heads)}</tr>{cells}</table></div>'


def _chapter(run: Run, dataset: Dataset, title: str, sentence: str) -> str:
    trained = load_model(run)
    figures = [_curves(run)]
    if trained.is_generator:
        figures.append(_samples_over_time(run))
    elif trained.card.task == "regression":
        figures.append(_line(run, dataset))
    else:
        figures += [_examples(run, dataset), _confusion(run, dataset)]
    drawings = "".join(figures)
    return f"<section><h2>{escape(title)}</h2><p>{escape(sentence)}</p><div class='figures'>{drawings}</div></section>"


def _figure(content: str, caption: str) -> str:
    return f"<figure>{content}<figcaption>{escape(caption)}</figcaption></figure>"


def _curves(run: Run) -> str:
    entries = run.entries()
    epochs = [float(entry["epoch"]) for entry in entries]
    names = {"loss": "training", "valid_loss": "validation"}
    names |= {"generator_loss": "generator", "discriminator_loss": "discriminator"}
    series = {title: (epochs, [e[name] for e in entries]) for name, title in names.items() if name in entries[0]}
    drawing = svg.lines(series, x="epoch", y="loss", label=f"loss of {run.recipe} by epoch")
    if "valid_frechet" not in entries[0]:
        return _figure(drawing, f"Loss by epoch: from {entries[0]['loss']:.3g} to {entries[-1]['loss']:.3g}.")
    distance = svg.lines(
        {"distance": (epochs, [e["valid_frechet"] for e in entries])},
        x="epoch",
        y="Fréchet distance",
        label="Fréchet distance by epoch",
    )
    floor = (run.result or {}).get("floor", 0.0)
    caption = (
        "Fréchet distance to real digits on our own classifier's features (not Inception FID); "
        f"real digits reach {floor:.2g}."
    )
    return _figure(drawing, "Losses of the two networks, generator and discriminator.") + _figure(distance, caption)


def _line(run: Run, dataset: Dataset) -> str:
    trained = load_model(run)
    card = trained.card
    assert dataset.train.labels is not None
    readings, values = dataset.train.inputs[:, 0].tolist(), dataset.train.labels[:, 0].tolist()
    ends = torch.tensor([[min(readings)], [max(readings)]])
    predicted = [next(iter(answer["values"].values())) for answer in trained.answer(ends)]
    drawing = svg.scatter(
        list(zip(readings, values)),
        list(zip(ends[:, 0].tolist(), predicted)),
        x=card.features[0],
        y=card.targets[0],
        label="readings and the line that was learnt",
    )
    return _figure(drawing, "The readings and the line that was learnt.")


def _examples(run: Run, dataset: Dataset, count: int = 8) -> str:
    """Test pictures with the three most likely classes: half of them the model's worst mistakes, where it made any."""
    trained = load_model(run)
    card = trained.card
    answers = trained.answer(dataset.test.inputs)
    labels = [card.classes[int(label)] for label in _labels(dataset)]
    mistakes = [number for number, answer in enumerate(answers) if answer["class"] != labels[number]]
    mistakes.sort(key=lambda number: -max(answers[number]["probabilities"].values()))
    chosen = (mistakes[: count // 2] + [n for n in range(len(answers)) if n not in mistakes])[:count]
    items = []
    for number in chosen:
        likely = sorted(answers[number]["probabilities"].items(), key=lambda pair: -pair[1])[:3]
        bars = "".join(
            f'<li><span>{escape(name)}</span><i style="width:{1 + round(34 * share)}px"></i>{per_cent(share)}</li>'
            for name, share in likely
        )
        right = "right" if likely[0][0] == labels[number] else "wrong"
        image = _image(dataset.test.inputs[number])
        items.append(f'<li class="{right}"><img alt="a {labels[number]}" src="{image}"><ol>{bars}</ol></li>')
    caption = f"{len(mistakes)} of {len(answers)} test pictures were read wrongly; the surest mistakes stand first."
    return _figure(f'<ul class="examples">{"".join(items)}</ul>', caption)


def _confusion(run: Run, dataset: Dataset) -> str:
    trained = load_model(run)
    card = trained.card
    predicted = [card.classes.index(answer["class"]) for answer in trained.answer(dataset.test.inputs)]
    counts = confusion(torch.tensor(predicted), _labels(dataset), classes=len(card.classes))
    heads = "".join(f"<th>{escape(name)}</th>" for name in card.classes)
    rows = ""
    for name, row in zip(card.classes, counts.tolist()):
        shares = [value / max(1, sum(row)) for value in row]
        cells = "".join(f'<td style="--share:{share:.2f}">{value or ""}</td>' for value, share in zip(row, shares))
        rows += f"<tr><th>{escape(name)}</th>{cells}</tr>"
    table = f'<table class="confusion"><tr><th></th>{heads}</tr>{rows}</table>'
    return _figure(table, "What each digit (row) was taken for (column).")


def _samples_over_time(run: Run) -> str:
    pictures = sorted((run.path / "pictures").glob("epoch-*.png"))
    chosen = [pictures[round(i * (len(pictures) - 1) / 3)] for i in range(min(4, len(pictures)))] if pictures else []
    items = "".join(
        f'<figure><img alt="generated digits after epoch {int(file.stem[6:])}" src="{png_address(file.read_bytes())}">'
        f"<figcaption>epoch {int(file.stem[6:])}</figcaption></figure>"
        for file in dict.fromkeys(chosen)
    )
    return f'<div class="time">{items}</div>'


def _labels(dataset: Dataset) -> Tensor:
    assert dataset.test.labels is not None
    return dataset.test.labels


def _image(pixels: Tensor) -> str:
    array = pixels.permute(1, 2, 0).numpy()
    return png_address(Image.fromarray(array[:, :, 0] if array.shape[2] == 1 else array))


def summary(result: dict[str, Any]) -> dict[str, str]:
    """A result as a row of the table at the end of a tour."""
    test, plain = result["test"], result.get("baseline", {})
    name = next(key for key in ("accuracy", "mse", "frechet") if key in test)
    beside = f"floor {result['floor']:.3g}" if "floor" in result else measure_text(name, plain.get(name, ""))
    return {
        "recipe": result["recipe"],
        "data": result["data"],
        "parameters": f"{result['parameters']:,}",
        "FLOPs per sample": f"{result['flops']:,}",
        "seconds": f"{result['seconds']:.1f}",
        "on the test set": f"{name} {measure_text(name, test[name])}",
        "baseline": beside,
        "published": f"{name} {PUBLISHED[result['data']]}" if result["data"] in PUBLISHED else "",
    }


# Only where the same data were used: Stevens, Antiga and Viehmann (2020), chapter 5, after 5,000 epochs.
PUBLISHED = {"thermometer": "2.928"}
