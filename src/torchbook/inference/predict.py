"""What a trained model says of files that it has never seen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.augment.transforms import Normalize
from torchbook.data.batches import at_once
from torchbook.data.dataset import Card
from torchbook.data.images.resize import resized
from torchbook.data.tables.table_file import ENDINGS as TABLES
from torchbook.data.tables.table_file import ending as table_ending
from torchbook.device import Choice
from torchbook.errors import TorchbookError
from torchbook.models import build
from torchbook.models.transfer import Transfer
from torchbook.record import brief, made
from torchbook.run import Run

# What is said of a picture that is far from all that the classes were learnt from.
FOREIGN = "resembles none of the classes"


@dataclass(frozen=True)
class Trained:
    """A run's model in evaluation mode, with what it needs to be used: the card of its data and the shape of one
    sample."""

    model: Any
    card: Card
    sample_shape: tuple[int, ...]
    choice: Choice
    targets: str = "labels"

    @property
    def is_generator(self) -> bool:
        return isinstance(getattr(self.model, "latent", None), int)

    def outputs(self, inputs: Tensor) -> Tensor:
        """The model's outputs for stored inputs, computed as in training, so many at a time."""
        return self._computed(self.model, inputs)

    @torch.no_grad()
    def _computed(self, function: Callable[[Tensor], Tensor], inputs: Tensor) -> Tensor:
        normalize = Normalize(self.card.mean, self.card.std)
        parts = []
        for part in inputs.split(at_once(self.sample_shape)):
            with self.choice.autocast():
                parts.append(function(normalize(part.to(self.choice.device))).float().cpu())
        return torch.cat(parts)

    def answer(self, inputs: Tensor) -> list[dict[str, Any]]:
        """What the model says of stored inputs: `class` (or `tags`) and `probabilities`, or `values` by the names of
        the targets; with `notes` where it knows that an input resembles nothing that it has learnt from."""
        if isinstance(self.model, Transfer):
            features = self._computed(self.model.features, inputs).to(self.choice.device)
            with torch.no_grad():
                outputs, foreign = self.model.logits(features).cpu(), self.model.is_foreign(features).tolist()
            return [
                answer | ({"notes": [FOREIGN]} if stranger else {})
                for answer, stranger in zip(self._answers(outputs), foreign, strict=True)
            ]
        return self._answers(self.outputs(inputs))

    def _answers(self, outputs: Tensor) -> list[dict[str, Any]]:
        if self.card.task == "regression":
            return [{"values": dict(zip(self.card.targets, row.tolist()))} for row in outputs]
        classes = self.card.classes
        if self.card.task == "multilabel":
            return [
                {
                    "tags": [name for name, value in zip(classes, row.tolist()) if value > 0.5],
                    "probabilities": dict(zip(classes, row.tolist())),
                }
                for row in outputs.sigmoid()
            ]
        return [
            {"class": classes[int(row.argmax())], "probabilities": dict(zip(classes, row.tolist()))}
            for row in F.softmax(outputs, dim=1)
        ]


def load_model(run: Run) -> Trained:
    """The model of a run, ready for use.

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
    file = run.path / "model.json"
    try:
        model = build(built_from["name"], **built_from["arguments"])
    except TorchbookError:
        raise
    except Exception as error:  # a model may refuse its arguments in any way
        raise TorchbookError(f"{file} is damaged: no model can be built from it ({brief(error)})") from None
    run.load_weights({"model": model})
    choice = replace(run.choice, number_format=about["number_format"]).here()
    shape, targets, card = tuple(about["sample_shape"]), about.get("targets", "labels"), made(Card, stored, file)
    if len(card.mean) != len(card.std) or len(card.mean) not in (0, 1, *shape[:1]):
        raise TorchbookError(
            f"{file} is damaged: a mean and a deviation for each of {shape[:1]} channels are expected, got "
            f"{len(card.mean)} and {len(card.std)}"
        )
    return Trained(choice.place(model).eval(), card, shape, choice, targets)


def predict(run: Run, files: list[Path]) -> list[dict[str, Any]]:
    """Returns what the run's model says of each file: the class with probabilities, or the predicted values.

    Pictures and volumes are brought to the size and colours of the training set, and a note says what was changed; a
    volume may be a folder of slices. A CSV file, or a file of arrays for a model that learned from arrays, gives one
    answer for each row.

    Raises:
        TorchbookError: a file is missing, is no picture, or does not fit the model.
    """
    return predictions(load_predictor(run), files)


def load_predictor(run: Run) -> Trained:
    """The model of a run, ready to say something of files.

    Raises:
        TorchbookError: as `load_model`; or the model makes pictures.
    """
    trained = load_model(run)
    if trained.is_generator or trained.targets != "labels":
        raise TorchbookError(
            f"the model of {run.path} ({run.recipe}) makes pictures and says nothing of one; predict needs a run of a "
            "classifier or a regression"
        )
    return trained


def predictions(trained: Trained, files: list[Path]) -> list[dict[str, Any]]:
    """Returns what a model says of each file, as `predict`."""
    answers: list[dict[str, Any]] = []
    card, shape = trained.card, trained.sample_shape
    usual = {note for notes in card.extra.get("remarks", {}).values() for note in notes}
    for file in files:
        if not (file.is_file() or (card.kind == "volumes" and file.is_dir())):
            hint = f"{file} is a folder; name its files: {file / '*'}" if file.is_dir() else f"there is no file {file}"
            raise TorchbookError(hint)
        if file.suffix.lower() in (".npy", ".npz", ".safetensors"):
            inputs, rows = _array(file, card, shape)
        elif card.kind == "images" and "pixels" in card.extra and table_ending(file.name) in TABLES:
            inputs, rows = _pixels(file, card, shape)
        elif card.kind == "images":
            inputs, notes = picture(file, shape, peak=card.extra.get("peak"))
            rows = [{"file": str(file), "notes": notes}]
        elif card.kind == "volumes":
            inputs, notes = volume(file, shape)
            rows = [{"file": str(file), "notes": [note for note in notes if note not in usual]}]
        else:
            inputs, rows = _rows(file, card)
        for row, answer in zip(rows, trained.answer(inputs), strict=True):
            answers.append(row | answer | {"notes": [*row["notes"], *answer.get("notes", [])]})
    return answers


def picture(file: Path, shape: tuple[int, ...], *, peak: float | None = None) -> tuple[Tensor, list[str]]:
    """A picture file as `[1, channels, height, width]` uint8 of the wanted shape, and what was changed for it.

    `peak` is the value that becomes 255 in pixels deeper than 8 bits, as in training; without it the file's own
    largest.
    """
    from torchbook.data.images.decode import Unusable, decode, look

    channels, height, width = shape
    try:
        with file.open("rb") as opened:
            seen = look(opened, name=file.name)
            opened.seek(0)
            pixels = decode(
                opened,
                channels=channels,
                height=height,
                width=width,
                peak=peak or seen["peak"] or 255.0,
                name=file.name,
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


def volume(path: Path, shape: tuple[int, ...]) -> tuple[Tensor, list[str]]:
    """The volume in a file or folder as `[1, channels, depth, height, width]` float32 of the wanted shape, what is odd
    in it, and what was changed for it."""
    from torchbook.data.volumes.volume import read_volume
    from torchbook.data.volumes.voxels import scaled

    scan = read_volume(path)
    values, notes = scan.values, list(scan.notes)
    if len(values) != shape[0]:
        if shape[0] != 1:
            raise TorchbookError(f"{path} has {len(values)} channels, the model was trained on {shape[0]}")
        values = values.mean(0, keepdim=True)
        notes.append(f"the mean of {len(scan.values)} channels, as the model was trained on one")
    if values.shape[1:] != shape[1:]:
        before, after = (" x ".join(map(str, size)) for size in (values.shape[1:], shape[1:]))
        notes.append(f"scaled from {before} to {after} voxels")
        values = scaled(values, shape[1:])
    return values.unsqueeze(0), notes


def _array(file: Path, card: Card, shape: tuple[int, ...]) -> tuple[Tensor, list[dict[str, Any]]]:
    """The rows of a file of arrays, for a model that learned from arrays."""
    from torchbook.data.arrays import array_rows

    if "array" not in card.extra:
        what = "pictures" if card.kind == "images" else "a CSV file" if card.kind == "table" else card.kind
        raise TorchbookError(f"{file} is a file of arrays, but the model learned from {card.name}; give it {what}")
    inputs = array_rows(card.extra, file, shape)
    return inputs, [{"file": str(file), "row": number, "notes": []} for number in range(1, len(inputs) + 1)]


def _pixels(file: Path, card: Card, shape: tuple[int, ...]) -> tuple[Tensor, list[dict[str, Any]]]:
    """The pictures in the rows of a table, for a model that learned from such a table."""
    from torchbook.data.tables.delimited import read_delimited
    from torchbook.data.tables.pixel_table import pixels
    from torchbook.data.tables.target import find_column

    sheet = read_delimited(file)
    columns = [find_column(sheet.names, name, where=file.name) for name in card.extra["pixels"]]
    images = torch.from_numpy(pixels(sheet, columns))
    inputs = resized(images, shape[-1]) if images.shape[1:] != shape else images
    return inputs, [{"file": str(file), "row": number, "notes": []} for number in range(1, len(inputs) + 1)]


def _rows(file: Path, card: Card) -> tuple[Tensor, list[dict[str, Any]]]:
    """The rows of a CSV file as `[rows, features]` float32 in the order of the card's features."""
    notes: list[list[str]] = []
    if "columns" in card.extra:
        from torchbook.data.tables.table_rows import encode_rows

        inputs = encode_rows(card.extra, file, notes=notes)
    else:
        inputs = _plain_rows(file, card.features)
    of_rows = notes or [[] for _ in inputs]
    return inputs, [{"file": str(file), "row": number, "notes": row} for number, row in enumerate(of_rows, 1)]


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
