"""torchbook: from the first tensor to the first GAN, on the laptop you have."""

import os
from importlib import import_module
from typing import Any

# Threads that wait for each other sleep instead of spinning: on a laptop that also does other things spinning makes
# small models many times slower (benchmarks/LOG.md). It has to be said before torch is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# The public names and where they live; torch is imported when the first of them is used.
_PUBLIC = {
    "Adversarial": "training",
    "Batches": "data",
    "Card": "data",
    "Dataset": "data",
    "Diverged": "training",
    "Run": "run",
    "Split": "data",
    "Supervised": "training",
    "Task": "training",
    "TorchbookError": "errors",
    "build": "models",
    "choose": "device",
    "classification": "evaluation",
    "evaluate": "evaluation",
    "export": "inference",
    "final_test": "evaluation",
    "fit": "training",
    "generate": "inference",
    "load": "data",
    "load_pretrained": "inference",
    "predict": "inference",
    "regression": "evaluation",
    "train": "training",
}
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"torchbook has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"torchbook.{_PUBLIC[name]}"), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
