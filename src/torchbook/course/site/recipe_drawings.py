"""Drawings of recipes that learn from the same pictures: the network of each, or what it is about.

python -m torchbook.course.site.recipe_drawings FOLDER NAME ...       draws NAME.svg for each

The server has no torch, so a process of its own draws them, once.
"""

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torchbook.recipes.start import defaults

if TYPE_CHECKING:
    import torch

    from torchbook.data import Dataset

# The models of a recipe, in the order in which an example goes through them. `initialization` draws its weights.
MODELS: dict[str, tuple[str, ...]] = {
    "autoencoder": ("convolutional_autoencoder",),
    "cnn": ("cnn",),
    "dcgan": ("conv_generator", "conv_discriminator"),
    "finetune": ("efficientnet_lite0",),
    "gan": ("dense_generator", "dense_discriminator"),
    "logistic_regression": ("linear",),
    "mlp": ("mlp",),
    "mnist_speed": ("quick",),
    "resnet9": ("resnet9",),
    "speednet": ("speednet",),
}
DRAWN = (*MODELS, "initialization")
_EXAMPLES = 24  # of a data set that is drawn


def drawing_of(recipe: str) -> str:
    """Returns the drawing of a recipe as SVG."""
    return _first_weights() if recipe == "initialization" else _network(recipe)


def _network(recipe: str) -> str:
    import torch

    from torchbook.data.card.thumbnails import picture
    from torchbook.reporting.network_drawing import Layer, drawing, layers_of

    data = _examples(recipe)
    one = _of_class(data, 3)
    address, shown = picture(data.train.inputs[one]), data.train.inputs[one : one + 1].float()
    if side := defaults(recipe).get("image_size"):
        shown = torch.nn.functional.interpolate(shown, (side, side))
    first, *second = (_built(name, recipe, shown, data) for name in MODELS[recipe])
    if second:  # a generator draws a picture, and a discriminator looks at it
        noise = torch.zeros(1, first.latent)
        # The last layer of a generator gives the picture itself.
        drawn, looked = layers_of(first, noise)[:-1], layers_of(second[0], shown, colour="orange")
        return drawing([Layer((first.latent,), colour="grey"), *drawn, address, *looked])
    layers = layers_of(first, shown)
    if recipe == "autoencoder":
        narrowest = min(range(len(layers)), key=lambda number: math.prod(layers[number].shape))
        decoder = [replace(layer, colour="green") for layer in layers[narrowest + 1 : -1]]
        return drawing([address, *layers[: narrowest + 1], *decoder, address])
    if recipe == "finetune":  # all but the last layer stays as it is
        layers[:-1] = [replace(layer, colour="grey") for layer in layers[:-1]]
        layers[-1] = replace(layers[-1], colour="orange")
    return drawing([address, *layers])


def _examples(recipe: str) -> "Dataset":
    from torchbook.data.source import DATA_SETS

    loader = DATA_SETS[str(defaults(recipe)["data"]).partition("?")[0]]
    return loader(count=_EXAMPLES) if loader.place.startswith("drawn.") else loader()


def _of_class(data: "Dataset", label: int) -> int:
    """Returns the first training example of a class: a picture that is easily read."""
    assert data.train.labels is not None
    return int((data.train.labels == label).nonzero()[0])


def _built(name: str, recipe: str, example: "torch.Tensor", data: "Dataset") -> Any:
    """Returns a model with the arguments that its recipe gives it."""
    import inspect

    from torchbook.models.build import MODELS as BUILDERS
    from torchbook.models.build import build
    from torchbook.signature import imported

    module, attribute = BUILDERS[name]
    taken = inspect.signature(imported(f"models.{module}:{attribute}")).parameters
    known = defaults(recipe) | {
        "sample_shape": tuple(example.shape[1:]),
        "channels": example.shape[1],
        "outputs": len(data.card.classes),
        "views": 1,
    }
    arguments = {key: known[key] for key in taken if known.get(key) is not None}
    return build(name, **arguments)


def _first_weights() -> str:
    """Returns the distributions of the weights that `initialization` starts from, one above the other."""
    import torch
    from torch import nn

    from torchbook.recipes.initialization import STARTS
    from torchbook.reporting.network_drawing import HEIGHT, WIDTH, framed

    low, high, bins = -0.7, 1.2, 76
    row, parts = (HEIGHT - 36) / len(STARTS), []
    colours = ("grey", "ink", "orange", "green", "blue")
    for number, (start, colour) in enumerate(zip(STARTS.values(), colours, strict=True)):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            weight = nn.Linear(64, 256).weight.detach()
            if start is not None:
                start(weight)
        counts = torch.histc(weight, bins=bins, min=low, max=high).sqrt()
        heights = (counts / counts.max() * row * 1.25).tolist()
        base, step = 30 + row * (number + 1) - 8, (WIDTH - 40) / bins
        line = "".join(f"V{base - height:.1f}h{step:.2f}" for height in heights)
        parts.append(f'<path class="{colour} solid" style="fill:var(--c)" d="M20 {base:.1f}{line}V{base:.1f}z"/>')
    return framed("".join(parts))


def main(folder: Path, recipes: Sequence[str], draw: Callable[[str], str] = drawing_of) -> None:
    """Draws these recipes into the folder."""
    from torchbook.storage import write_atomically

    for recipe in recipes:
        write_atomically(folder / f"{recipe}.svg", draw(recipe).encode(), sync=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
