"""Examples of a test that (nearly) stand in the training split as well, so that what is measured there is too good."""

import hashlib

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from torchbook.data.augment.transforms import Normalize

LOOKED_AT = (100_000, 10_000)  # So many training and test examples at most, evenly spaced.
_COARSE = 8  # Pictures are first compared when shrunk to so many pixels a side. The nearest is a candidate if it is
_NEARER = 0.1  # this much nearer than the one of
_RANK = 20  # this rank: many digits "1" are near each other, a copy is near its original alone.
_FINE = 32  # At so many pixels a side
_SAME = 0.93  # candidates must still correlate like this. On CIFAR-10, pairs below it begin to be different pictures.


def near_pictures(train: Tensor, test: Tensor) -> list[tuple[int, int]]:
    """Pairs `(index in test, index in train)` of pictures `[count, channels, height, width]` that look the same.

    Stored, coloured or cut a little differently counts as the same; a mirrored or moved picture is not found. For each
    test picture only the nearest training picture is looked at. Pictures of one colour are left out.
    """
    rows, columns = _spaced(len(train), LOOKED_AT[0]), _spaced(len(test), LOOKED_AT[1])
    train_prints, test_prints = prints(train, rows, _COARSE), prints(test, columns, _COARSE)
    pairs = []
    for start in range(0, len(test_prints), 500):
        likenesses = test_prints[start : start + 500] @ train_prints.T
        likeness, nearest = likenesses.topk(min(_RANK, len(train_prints)), dim=1)
        distance = (1 - likeness).clamp(min=1e-5)
        for i in (distance[:, 0] < _NEARER * distance[:, -1]).nonzero().flatten().tolist():
            pairs.append((int(columns[start + i]), int(rows[nearest[i, 0]])))
    if not pairs:
        return []
    here, there = (torch.tensor(part) for part in zip(*pairs))
    same = (prints(test, here, _FINE) * prints(train, there, _FINE)).sum(1) > _SAME
    return [pair for pair, kept in zip(pairs, same.tolist()) if kept]


def equal(train: Tensor, test: Tensor, normalize: Normalize | None = None) -> list[tuple[int, int]]:
    """Pairs `(index in test, index in train)` that hold the same values.

    With `normalize`, values that differ by less than a ten-thousandth of the standard deviation count as the same.
    """
    places = {name: i for i, name in reversed(list(enumerate(names(train, normalize))))}
    return [(i, places[name]) for i, name in enumerate(names(test, normalize)) if name in places]


def names(inputs: Tensor, normalize: Normalize | None = None) -> list[bytes]:
    """A short name for what each example holds: equal examples have equal names."""
    digests = []
    for part in inputs.split(_at_once(inputs)):
        values = part if normalize is None else (normalize(part) * 1e4).round() + 0.0
        digests += [hashlib.blake2b(row.tobytes(), digest_size=12).digest() for row in values.contiguous().numpy()]
    return digests


def _at_once(inputs: Tensor) -> int:
    """Returns how many examples make up to 80 MB of float32."""
    return max(1, 20_000_000 // max(1, inputs[0].numel())) if len(inputs) else 1


def _spaced(count: int, most: int) -> Tensor:
    return torch.arange(0, count, max(1, -(-count // most)))


def prints(pictures: Tensor, chosen: Tensor, side: int) -> Float[Tensor, "count pixels"]:
    """The pictures shrunk and grey, so that the product of two is their correlation; zeros for those of one colour."""
    parts = []
    # One of the 255 steps that bytes have; floats may be of any range.
    step = 1.0 if pictures.dtype == torch.uint8 else (pictures.max() - pictures.min()).item() / 255
    for part in chosen.split(_at_once(pictures)):
        grey = pictures[part].float().mean(1, keepdim=True)
        size = (min(side, grey.shape[2]), min(side, grey.shape[3]))
        small = F.adaptive_avg_pool2d(grey, size).flatten(1)
        small = small - small.mean(1, keepdim=True)
        parts.append(torch.where(small.std(1, keepdim=True) > step, F.normalize(small), 0.0))
    return torch.cat(parts)
