"""Batches: slices of tensors in memory, shuffled and augmented a whole batch at a time."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from torchbook.data.augment.transforms import Augmentation, at
from torchbook.data.conversion import as_pair
from torchbook.errors import TorchbookError
from torchbook.storage import digest
from torchbook.tensor_file import tensors_content

# Of so many examples the values are looked at to recognise them all.
LOOKED_AT = 256
# Examples of up to so many values are computed a thousand at a time where nothing is learnt, of larger ones so many
# values: what a network makes of them in between is many times larger.
_SMALL, _VALUES_AT_ONCE = 64 * 64 * 3, 3_200_000


def at_once(sample_shape: Sequence[int]) -> int:
    """Returns how many examples of this shape are computed at once where nothing is learnt."""
    values = math.prod(sample_shape)
    return 1000 if values <= _SMALL else max(1, min(1000, _VALUES_AT_ONCE // values))


class Batches:
    """Slices of tensors that are in memory (or mapped from a file), as `(inputs, labels)` in every turn of a `for`
    loop.

    One loop is one epoch. The order and the augmentation of every batch follow from `seed`, the number of the epoch and
    the number of the batch alone, so `state_dict()` is two numbers and training goes on exactly where it stopped.

    `inputs` and `labels` are tensors, or become tensors (`torchbook.data.conversion`): NumPy arrays, lists,
    tables and columns of pandas, or a PyTorch `Dataset` in the place of both, of which every example is taken once.
    `size` is the number of examples in a batch. `augment` changes the stored values, before `normalize` makes the
    floats that a model is fed. `device` is where batches go; with `drop_last` a short last batch is left out.
    """

    def __init__(
        self,
        inputs: Any,
        labels: Any = None,
        *,
        size: int = 128,
        shuffle: bool = False,
        seed: int = 0,
        normalize: Callable[[Tensor], Tensor] | None = None,
        augment: Augmentation | None = None,
        device: torch.device | str = "cpu",
        drop_last: bool = False,
    ):
        if size < 1:
            raise TorchbookError(f"the batch size must be 1 or more, got {size}")
        inputs, labels = as_pair(inputs, labels)
        if labels is not None and len(labels) != len(inputs):
            raise TorchbookError(f"inputs and labels must be equally many, got {len(inputs)} and {len(labels)}")
        if len(inputs) == 0 or (drop_last and len(inputs) < size):
            raise TorchbookError(f"there must be at least one batch, got {len(inputs)} examples for batches of {size}")
        self.inputs, self.labels = inputs, labels
        self.size, self.shuffle, self.seed = size, shuffle, seed
        self.normalize, self.augment = normalize, augment
        self.device = torch.device(device)
        self.drop_last = drop_last
        # How many examples the batch has that was given out last, also where only a share of it was.
        self.given = 0
        self.epoch = 0
        self.position = 0
        self._start = 0
        # Which rows the batch has that was given out last.
        self._chosen: Tensor | slice = slice(0, 0)

    @property
    def samples(self) -> int:
        """How many examples one epoch has."""
        return len(self.inputs) // self.size * self.size if self.drop_last else len(self.inputs)

    def __len__(self) -> int:
        """How many batches one epoch has."""
        return math.ceil(self.samples / self.size)

    def __iter__(self) -> Iterator[tuple[Tensor, Any]]:
        """The batches of this epoch, from its beginning or, just after `load_state_dict`, from where it was stopped."""
        return self.shares(0, 1)

    def shares(self, part: int, parts: int) -> Iterator[tuple[Tensor, Any]]:
        """The same, but of every batch only share number `part` of `parts`, for processes that train together.

        Augmentation draws for the whole batch, so an example is changed as it would be in one process. A batch of fewer
        than two examples for each is not divided: everybody gets all of it.
        """
        order, count, samples = self._order(), len(self), self.samples
        self.position, self._start = self._start, 0
        while self.position < count:
            start = self.position * self.size
            stop = min(start + self.size, samples)
            self.given = given = stop - start
            own = slice(given * part // parts, given * (part + 1) // parts) if 1 < parts <= given // 2 else None
            batch = self._batch(order[start:stop] if order is not None else slice(start, stop), own)
            self.position += 1
            yield batch
        self.epoch += 1
        self.position = 0

    def _order(self) -> Tensor | None:
        if not self.shuffle:
            return None
        return torch.randperm(len(self.inputs), generator=_generator(self.seed, self.epoch))

    def _batch(self, chosen: Tensor | slice, own: slice | None) -> tuple[Tensor, Any]:
        mine = self._chosen = chosen if own is None else _within(chosen, own)
        labels = None if self.labels is None else self.labels[mine]
        if self.augment is None:
            inputs = self.inputs[mine]
        else:
            indices = chosen if isinstance(chosen, Tensor) else torch.arange(chosen.start, chosen.stop)
            augment = at(self.augment, self.epoch, indices)
            inputs = augment(self.inputs[chosen], _generator(self.seed, self.epoch, self.position + 1))
            inputs = inputs if own is None else inputs[own]
        if self.device.type != "cpu":
            # CUDA copies what is not pinned before it goes on; MPS would still read it when it is long gone.
            at_once = self.device.type == "cuda"
            inputs = inputs.to(self.device, non_blocking=at_once)
            labels = None if labels is None else labels.to(self.device, non_blocking=at_once)
        if self.normalize is not None:
            inputs = self.normalize(inputs)
        return inputs, labels

    def row(self, place: int) -> int:
        """The stored row of the example at this place of the batch that was given out last."""
        chosen = self._chosen
        return int(chosen[place]) if isinstance(chosen, Tensor) else chosen.start + place

    def rows(self, chosen: slice) -> "Batches":
        """Batches of only these examples, in the order in which they are stored and as they are."""
        labels = None if self.labels is None else self.labels[chosen]
        return Batches(self.inputs[chosen], labels, size=self.size, normalize=self.normalize, device=self.device)

    def fingerprint(self) -> str:
        """What these examples are recognised by, in any order of their batches: how many there are, and the values and
        labels of some, evenly spaced. One more or less elsewhere moves them all, so that shows too."""
        some = slice(None, None, max(1, len(self.inputs) // LOOKED_AT))
        tensors = {"inputs": self.inputs[some]} | ({} if self.labels is None else {"labels": self.labels[some]})
        return digest(str(len(self.inputs)).encode() + tensors_content(tensors))

    def state_dict(self) -> dict[str, int]:
        """Where the loop is: the number of the epoch and how many of its batches have been given out."""
        return {"epoch": self.epoch, "position": self.position}

    def load_state_dict(self, state: dict[str, int]) -> None:
        """The next loop goes on where `state` was taken."""
        self.epoch, self._start = state["epoch"], state["position"]
        if self._start >= len(self):
            self.epoch, self._start = self.epoch + 1, 0
        self.position = self._start


def _within(chosen: Tensor | slice, own: slice) -> Tensor | slice:
    """A part of what is chosen by indices or from one place to another."""
    return chosen[own] if isinstance(chosen, Tensor) else slice(chosen.start + own.start, chosen.start + own.stop)


def _generator(*numbers: int) -> torch.Generator:
    """A generator for one purpose: a different stream for each sequence of numbers (seed, epoch, batch)."""
    return torch.Generator().manual_seed(mixed(*numbers))


def mixed(*numbers: int) -> int:
    """One seed made of several numbers, another one for each sequence of them."""
    mixed = 0
    for number in numbers:
        # The finaliser of splitmix64, so that neighbouring seeds give unrelated streams.
        mixed = (mixed ^ number) + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        mixed ^= mixed >> 31
    return mixed & 0x7FFFFFFFFFFFFFFF
