"""Advice for somebody who gave a command and wrote no code: in the options of that command."""

from collections.abc import Mapping
from typing import Any

_SMALLER_BATCH = {"batch_size": "Use smaller batches: `--batch-size 16`.", "image_size": "Use smaller pictures."}
_LARGER_PICTURES = {"image_size": "Use larger pictures: `--image-size 28`."}

# By the name of a rule: what helps, for the first option that the command has.
_OPTIONS: dict[str, dict[str, str]] = {
    "dropout-probability": {"dropout": "Give a share between 0 and 1: `--dropout 0.2`."},
    "pooled-to-nothing": _LARGER_PICTURES,
    "kernel-larger-than-input": _LARGER_PICTURES,
    "reflection-padding": _LARGER_PICTURES,
    "optimizer-settings": {
        "learning_rate": "Give numbers that are not negative, such as `--learning-rate 0.003`.",
    },
    "batch-norm-one-value": {"batch_size": "Use batches of two or more: `--batch-size 32`."},
    "batch-size-not-positive": {"batch_size": "Use batches of one or more: `--batch-size 32`."},
    "gpu-memory": _SMALLER_BATCH,
    "cpu-memory": _SMALLER_BATCH,
    "numpy-memory": _SMALLER_BATCH,
    "python-memory": _SMALLER_BATCH,
    "negative-size": {
        "hidden": "Give sizes of one or more: `--hidden 512`.",
        "channels": "Give one channel or more: `--channels 16`.",
    },
    "schedule-too-long": {"epochs": "Train for one epoch or more: `--epochs 5`."},
}


def advice(rule: str, command: Mapping[str, Any]) -> str:
    """Returns what to change in the options of a command; "" if no option of it helps."""
    return next((words for option, words in _OPTIONS.get(rule, {}).items() if option in command), "")
