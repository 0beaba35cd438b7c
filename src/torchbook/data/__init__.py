"""Where examples come from: `load(name)` gives train, valid and test, `Batches` slices them."""

from torchbook.data.batches import Batches
from torchbook.data.dataset import Card, Dataset, Split
from torchbook.data.load import load

__all__ = ["Batches", "Card", "Dataset", "Split", "load"]
