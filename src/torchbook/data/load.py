"""One door to every data set: a name that torchbook knows, or the path of what a person has."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from torchbook.data.source import Source
from torchbook.errors import TorchbookError

if TYPE_CHECKING:
    from torchbook.data.dataset import Card, Dataset


def load(data: str | Path, *, seed: int = 0, **options: Any) -> "Dataset":
    """Returns the data set of that name or path, as train, valid and test with a card.

    `seed` draws the split where the data come without one. `options` are those of the set's own loader, for instance
    `image_size` for pictures or `target` for a table. They can also stand behind the name, as in the address of a page:
    `points?figure=moons`, `rows.npz?inputs=a&target=b`, `rows.csv?kinds=rank=categorical`. So one string says all, and
    a run can keep it.

    Raises:
        TorchbookError: the name is unknown, the path does not exist or the loader has no such option.
    """
    return Source.of(data).load(seed=seed, **options)


def load_images(
    data: str,
    *,
    image_size: int | None = None,
    test: str | None = None,
    tasks: Sequence[str] = ("classification",),
    seed: int = 0,
) -> "Dataset":
    """Returns a data set of pictures, as squares of `image_size` pixels if that is given.

    Its own loader is asked for the size where it can read or draw pictures at any; others are interpolated. `test` is
    for a folder without a test set (`torchbook.data.images.folder`), and means nothing elsewhere. `tasks` are those
    that the pictures may be for; without any, labels do not matter.

    Raises:
        TorchbookError: the data are no pictures, or are for another task.
    """
    source = Source.of(data)
    options = {"image_size": image_size, "test": test, "pixels": True}
    asked = {name: value for name, value in options.items() if value is not None and name in source.parameters}
    dataset = source.load(seed=seed, **asked)
    card = dataset.card
    if card.kind != "images":
        raise TorchbookError(f"this recipe needs pictures, but {data} is a data set of {card.kind}")
    if tasks and card.task not in tasks:
        raise TorchbookError(_other_task(data, card, tasks))
    if image_size is None:
        return dataset
    from torchbook.data.images.resize import resize

    return resize(dataset, image_size)


def _other_task(data: str, card: "Card", tasks: Sequence[str]) -> str:
    """Says that pictures are not for what a recipe does with them, and which recipe to take."""
    if card.task == "generation":
        reason = card.extra.get("unlabelled") or "they have no labels"
        return (
            f"{data}: this recipe learns from labels: {reason}, or a CSV file that names the pictures and says the "
            f"label of each; without labels there is: torchbook train dcgan --data {data}"
        )
    what = "several tags for each picture" if card.task == "multilabel" else f"a quantity ({', '.join(card.targets)})"
    return (
        f"{data} has {what}, and this recipe is for {' or '.join(tasks)}; this one learns that: "
        f"torchbook train cnn --data {data}"
    )


def load_classes(data: str, *, seed: int = 0, **options: Any) -> "Dataset":
    """Returns a data set of any kind whose labels are classes.

    Raises:
        TorchbookError: they are none.
    """
    dataset = load(data, seed=seed, **options)
    if dataset.card.task != "classification":
        raise TorchbookError(f"this recipe tells classes apart, but {data} is for {dataset.card.task}")
    return dataset


def load_numeric(data: str, *, task: Literal["classification", "regression"], seed: int = 0) -> "Dataset":
    """Returns a table for a linear model: something of this kind to predict, from features that are numbers.

    Raises:
        TorchbookError: the target is of the other kind, or there are categories as indices, which no sum can weigh.
    """
    dataset = load(data, seed=seed)
    card = dataset.card
    if card.kind in ("images", "volumes") or card.task != task:
        raise TorchbookError(
            f"this recipe is for the {task} of tables, but {data} is a data set of {card.kind} for {card.task}"
        )
    indices = [card.features[feature] for feature, *_ in card.extra.get("embeddings", [])]
    if indices:
        raise TorchbookError(
            f"this recipe weighs numbers, but {data} has categories with many values ({', '.join(indices)});"
            f" this one embeds them: torchbook train table --data {data}"
        )
    return dataset
