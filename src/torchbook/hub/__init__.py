"""The pretrained networks as `torch.hub` calls them; `hubconf.py` at the root of the checkout has the same names.

    torch.hub.load(FOLDER, "efficientnet_lite0", source="local")

FOLDER is the checkout, or this folder where torchbook is installed: `Path(torchbook.hub.__file__).parent`.
"""

from typing import Any

from torchbook.inference.pretrained import load_pretrained

dependencies = ["torch"]


def efficientnet_lite0() -> Any:
    """EfficientNet-Lite0 of ImageNet: normalised photographs `[n, 3, 224, 224]` to the logits of 1,000 classes."""
    return load_pretrained("efficientnet_lite0")


def digits() -> Any:
    """A small network for digits: normalised pictures `[n, 1, 28, 28]`, white on black, to ten logits."""
    return load_pretrained("digits")


def faces() -> Any:
    """A small network for drawn faces: normalised pictures `[n, 3, 32, 32]` to the logits of all values of nine
    attributes, in the order of its card's classes."""
    return load_pretrained("faces")


def drawn() -> Any:
    """A SpeedNet for the drawn sets: normalised pictures `[n, 3, 32, 32]` to the logits of all their classes."""
    return load_pretrained("drawn")
