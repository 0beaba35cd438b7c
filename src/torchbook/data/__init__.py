"""Where examples come from: `load(name)` gives train, valid and test, `Batches` slices them."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from torchbook.data.load import load

if TYPE_CHECKING:
    from torchbook.data.batches import Batches
    from torchbook.data.dataset import Card, Dataset, Split

__all__ = ["Batches", "Card", "Dataset", "Split", "load"]

# Who only lists the data sets, or reads what options they have, does not wait for torch.
_LATER = {"Batches": "batches", "Card": "dataset", "Dataset": "dataset", "Split": "dataset"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"torchbook.data has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"torchbook.data.{_LATER[name]}"), name)
