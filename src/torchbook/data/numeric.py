"""Tables whose features are numbers, which a weighted sum needs."""

from typing import Literal

from torchbook.data.dataset import Dataset
from torchbook.data.load import load
from torchbook.errors import TorchbookError


def load_numeric(data: str, *, task: Literal["classification", "regression"], seed: int = 0) -> Dataset:
    """A table for a linear model: something of this kind to predict, from features that are numbers.

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
