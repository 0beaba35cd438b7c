"""What a trained model says of files that it has never seen."""

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from torchbook.data.dataset import Card
from torchbook.data.transforms import Normalize
from torchbook.errors import TorchbookError
from torchbook.models import build
from torchbook.run import Run


def load_model(run: Run) -> tuple[nn.Module, Card, tuple[int, ...]]:
    """A run's model in evaluation mode, the card of its data set, and the shape of one sample.

    Raises:
        TorchbookError: the run has no model, or its model was built by other code than `torchbook.build`.
    """
    about = run.model_description()
    built_from = about["built_from"]
    if built_from is None:
        raise TorchbookError(
            f"the model of {run.path} is of your own making; build it and call run.load_weights({{'model': model}})"
        )
    stored: Any = {key: tuple(v) if isinstance(v, list) else v for key, v in about["card"].items()}
    card = Card(**stored)
    model = build(built_from["name"], **built_from["arguments"])
    run.load_weights({"model": model})
    return run.choice.place(model).eval(), card, tuple(about["sample_shape"])


def predict(run: Run, files: list[Path]) -> list[dict[str, Any]]:
    """For each file what the run's model says: the class with probabilities, or the predicted values.

    Pictures are brought to the size and colours of the training set, and a note says what was changed; a CSV file of
    rows gives one answer for each row.

    Raises:
        TorchbookError: a file is missing, is no picture, or does not fit the model.
    """
    model, card, shape = load_model(run)
    answers: list[dict[str, Any]] = []
    for file in files:
        if not file.is_file():
            raise TorchbookError(f"there is no file {file}")
        if card.kind == "images":
            inputs, notes = picture(file, shape)
            rows = [{"file": str(file), "notes": notes}]
        else:
            inputs, rows = _rows(file, card)
        for row, said in zip(rows, answer(model, card, inputs, run), strict=True):
            answers.append(row | said)
    return answers


def answer(model: nn.Module, card: Card, inputs: Tensor, run: Run) -> list[dict[str, Any]]:
    """What a model says of stored inputs: `class` and `probabilities`, or `values` by the names of the targets."""
    with torch.no_grad(), run.choice.autocast():
        outputs = model(Normalize(card.mean, card.std)(inputs.to(run.choice.device))).float().cpu()
    if card.task == "regression":
        return [{"values": dict(zip(card.targets, row.tolist()))} for row in outputs]
    probabilities = F.softmax(outputs, dim=1)
    return [
        {"class": card.classes[int(row.argmax())], "probabilities": dict(zip(card.classes, row.tolist()))}
        for row in probabilities
    ]


def picture(file: Path, shape: tuple[int, ...]) -> tuple[Tensor, list[str]]:
    """A picture file as `[1, channels, height, width]` uint8 of the wanted shape, and what was changed for it."""
    from torchbook.data.decode import Unusable, decode, look

    channels, height, width = shape
    try:
        with file.open("rb") as opened:
            seen = look(opened, name=file.name)
            opened.seek(0)
            pixels = decode(
                opened, channels=channels, height=height, width=width, peak=seen["peak"] or 255.0, name=file.name
            )
    except Unusable as error:
        raise TorchbookError(f"{file} cannot be read as a picture: {error}") from None
    notes = []
    if (seen["height"], seen["width"]) != (height, width):
        notes.append(f"scaled from {seen['width']} x {seen['height']} to {width} x {height} pixels")
    if seen["colour"] and channels == 1:
        notes.append("turned to grey, as the model was trained")
    if seen["transparent"]:
        notes.append("laid over white where it was transparent")
    return torch.from_numpy(pixels.copy()).unsqueeze(0), notes


def _rows(file: Path, card: Card) -> tuple[Tensor, list[dict[str, Any]]]:
    """The rows of a CSV file as `[rows, features]` float32 in the order of the card's features."""
    notes: list[list[str]] = []
    if "columns" in card.extra:
        from torchbook.data.table_rows import encode_rows

        inputs = encode_rows(card.extra, file, notes=notes)
    else:
        inputs = _plain_rows(file, card.features)
    said = notes or [[] for _ in inputs]
    return inputs, [{"file": str(file), "row": number, "notes": told} for number, told in enumerate(said, 1)]


def _plain_rows(file: Path, features: tuple[str, ...]) -> Tensor:
    import csv

    with file.open(newline="", encoding="utf-8-sig") as opened:
        reader = csv.DictReader(opened)
        missing = [name for name in features if name not in (reader.fieldnames or [])]
        if missing:
            raise TorchbookError(f"{file} has no column {missing[0]!r}; the model needs {', '.join(features)}")
        rows = []
        for number, row in enumerate(reader, 1):
            try:
                rows.append([float(row[name]) for name in features])
            except (TypeError, ValueError):
                raise TorchbookError(
                    f"{file}, row {number}: expected a number in each of {', '.join(features)}"
                ) from None
    if not rows:
        raise TorchbookError(f"{file} has no rows below its header")
    return torch.tensor(rows)
