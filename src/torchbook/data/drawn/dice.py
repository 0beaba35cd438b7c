"""Random numbers that belong to a picture: the same for (seed, index), however many pictures are drawn around it."""

import numpy as np
from jaxtyping import Float32, Int64

Real = int | float


class Dice:
    """Random numbers for a batch of pictures, one row for each.

    A row follows from `seed`, the index of its picture and how many numbers were taken before, and from nothing else:
    a counter goes through the finaliser of splitmix64 (Steele, Lea and Flood 2014). So pictures can be drawn in any
    order, in batches of any size and by any number of processes.
    """

    def __init__(self, seed: int, indices: Int64[np.ndarray, "n"]):
        start = np.array([seed & 0xFFFFFFFFFFFFFFFF], dtype=np.uint64)
        self._state = _mixed(_mixed(start) ^ indices.astype(np.uint64))
        self._taken = 0

    def uniform(self, low: Real = 0, high: Real = 1, shape: tuple[int, ...] = ()) -> Float32[np.ndarray, "n ..."]:
        """Evenly spread numbers in [low, high), `shape` of them for each picture."""
        count = int(np.prod(shape, dtype=np.int64))
        step = np.arange(self._taken + 1, self._taken + 1 + count, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        self._taken += count
        bits = _mixed(self._state[:, None] + step) >> np.uint64(40)
        values = bits.astype(np.float32) * ((high - low) * 2.0**-24) + low
        return values.reshape(len(self._state), *shape)

    def normal(self, mean: Real = 0, std: Real = 1, shape: tuple[int, ...] = ()) -> Float32[np.ndarray, "n ..."]:
        """Numbers around `mean`, nearly normal: the sum of four even ones, so never further away than 3.5 `std`."""
        total = self.uniform(-1, 1, (4, *shape)).sum(1, dtype=np.float32)
        return total * (std * 0.75**0.5) + mean

    def choice(self, weights: int | tuple[Real, ...]) -> Int64[np.ndarray, "n"]:
        """A number below `weights` for each picture, all alike, or one for each weight, as likely as it is heavy."""
        shares = np.ones(weights) if isinstance(weights, int) else np.asarray(weights, dtype=np.float64)
        limits = np.cumsum(shares / shares.sum())[:-1].astype(np.float32)
        return np.searchsorted(limits, self.uniform(), side="right").astype(np.int64)

    def chance(self, probability: float) -> Float32[np.ndarray, "n"]:
        """One where something happens and zero where it does not."""
        return (self.uniform() < probability).astype(np.float32)


def _mixed(values: np.ndarray) -> np.ndarray:
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
