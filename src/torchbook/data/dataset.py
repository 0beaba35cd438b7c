"""What every loader returns: three splits of tensors and a card that says what they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor

from torchbook.data.augment.transforms import Normalize
from torchbook.data.batches import Batches
from torchbook.errors import TorchbookError

# So many values are looked at for their statistics, or those of so many examples.
_MOST_VALUES, _DRAWN = 30_000_000, 10_000


@dataclass(frozen=True)
class Split:
    """The examples of one role: training, validation or test.

    `inputs` is `[count, channels, height, width]` uint8 for images, `[count, channels, depth, height, width]` for
    volumes, `[count, features]` float32 for tables and points. `labels` is `[count]` int64 for classes, `[count,
    targets]` float32 for regression, `[count, classes]` float32 of 0 and 1 for several tags each, or None where there
    is nothing to predict.
    """

    inputs: Tensor
    labels: Tensor | None = None

    def __post_init__(self) -> None:
        if self.labels is not None and len(self.labels) != len(self.inputs):
            raise TorchbookError(
                f"inputs and labels must be equally many, got {len(self.inputs)} and {len(self.labels)}"
            )

    def __len__(self) -> int:
        return len(self.inputs)

    def some(self, count: int) -> Tensor:
        """About `count` of the inputs or all, evenly spaced: the first ones of a folder are of one class."""
        return self.inputs[:: max(1, len(self) // count)]


@dataclass(frozen=True)
class Card:
    """What a data set is, for the person and for the model that is trained on it.

    `mean` and `std` are those of the *training* split, one per channel or feature; images are counted in 0..1, whatever
    their storage. `augment` names the changes that leave a label true ("flip" is not among them for digits). `notes`
    says what was converted, skipped or found odd: one sentence each.
    """

    name: str
    title: str
    kind: Literal["images", "volumes", "table", "points", "sequences"]
    task: Literal["classification", "multilabel", "regression", "generation"]
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    augment: tuple[str, ...] = ()
    licence: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """Train, valid and test splits with their card; unpacks as `train, valid, test = load("digits")`."""

    train: Split
    valid: Split
    test: Split
    card: Card

    def __iter__(self) -> Iterator[Split]:
        return iter((self.train, self.valid, self.test))

    @property
    def normalize(self) -> Normalize:
        """The change from stored values to what a model is fed, with the training split's statistics."""
        return Normalize(self.card.mean, self.card.std)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """The shape of one example, for instance `(1, 28, 28)`."""
        return tuple(self.train.inputs.shape[1:])

    def batches(self, split: Literal["train", "valid", "test"], *, size: int, **options: Any) -> Batches:
        """The batches of a split, normalised: shuffled for training, in order for the other two.

        `options` are those of `Batches` (`augment`, `seed`, `device`, `drop_last`).
        """
        part: Split = getattr(self, split)
        return Batches(
            part.inputs, part.labels, size=size, shuffle=split == "train", normalize=self.normalize, **options
        )


def split_indices(
    count: int, *, fractions: tuple[float, float] = (0.15, 0.15), seed: int = 0, labels: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Disjoint, seeded indices `(train, valid, test)` of `count` examples; `fractions` are those of valid and test.

    With `labels` (int64, `[count]`) every class is split in these proportions (stratified), so that no class is missing
    from a split that can hold it: a class of three has one example in each, a smaller one is in train first.
    """
    generator = torch.Generator().manual_seed(seed)
    groups = [torch.arange(count)] if labels is None else [(labels == c).nonzero().flatten() for c in labels.unique()]
    parts: tuple[list[Tensor], list[Tensor], list[Tensor]] = ([], [], [])
    for group in groups:
        group = group[torch.randperm(len(group), generator=generator)]
        valid, test = (min(max(1, round(f * len(group))), (len(group) - 1) // 2) if f else 0 for f in fractions)
        for part, piece in zip(parts, group.split([len(group) - valid - test, valid, test])):
            part.append(piece)
    train, valid_, test_ = (torch.cat(part).sort().values for part in parts)
    return train, valid_, test_


def split(
    inputs: Tensor, labels: Tensor, *, seed: int = 0, fractions: tuple[float, float] = (0.15, 0.15)
) -> tuple[Split, Split, Split]:
    """Train, valid and test, drawn by `seed` from examples with class labels, class by class."""
    indices = split_indices(len(inputs), fractions=fractions, seed=seed, labels=labels)
    train, valid, test = (Split(inputs[chosen], labels[chosen]) for chosen in indices)
    return train, valid, test


def channel_statistics(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation per channel of `[count, channels, ...]` images, uint8 counted as 0..1.

    All are looked at, a million values at a time; of more than 30 million values those of 10,000 examples, drawn with a
    fixed seed, which is enough for two digits or three.
    """
    rows = torch.arange(len(images))
    if images.numel() > _MOST_VALUES and len(images) > _DRAWN:
        # Not evenly spaced: examples often stand in an order that repeats.
        rows = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))[:_DRAWN].sort().values
    scale = 255.0 if images.dtype == torch.uint8 else 1.0
    axes = [0, *range(2, images.ndim)]
    total = torch.zeros(images.shape[1], dtype=torch.float64)
    squares, count = total.clone(), 0
    for part in rows.split(max(1, (1 << 20) // max(1, images[:1].numel()))):
        values = images[part].to(torch.float64) / scale
        total += values.sum(axes)
        squares += values.square().sum(axes)
        count += values.numel() // images.shape[1]
    mean = total / count
    std = (squares / count - mean.square()).clamp(min=0).sqrt()
    # What never changes in training must not be blown up where it does change; float32 has about seven digits.
    std = torch.where(std > 1e-6 * mean.abs(), std, 1.0)
    return tuple(mean.tolist()), tuple(std.tolist())
