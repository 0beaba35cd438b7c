"""Models by name, so that a run can say in a line of JSON which model its weights belong to."""

import inspect
from importlib import import_module
from typing import Any

import torch

from torchbook.command_answer import nearest
from torchbook.errors import TorchbookError

# name -> module of torchbook.models and the class or function in it
MODELS: dict[str, tuple[str, str]] = {
    "linear": ("mlp", "linear"),
    "mlp": ("mlp", "mlp"),
    "table": ("table", "TableModel"),
    "in_units": ("in_units", "InUnits"),
    "perceptron": ("perceptron", "Perceptron"),
    "cnn": ("cnn", "cnn"),
    "cnn3d": ("cnn3d", "cnn3d"),
    "quick": ("quick", "quick"),
    "resnet9": ("resnet9", "ResNet9"),
    "speednet": ("speednet", "SpeedNet"),
    "efficientnet_lite0": ("efficientnet", "EfficientNetLite0"),
    "transfer": ("transfer", "Transfer"),
    "linear_autoencoder": ("autoencoder", "linear_autoencoder"),
    "convolutional_autoencoder": ("autoencoder", "convolutional_autoencoder"),
    "dense_generator": ("gan", "DenseGenerator"),
    "dense_discriminator": ("gan", "DenseDiscriminator"),
    "conv_generator": ("dcgan", "ConvGenerator"),
    "conv_discriminator": ("dcgan", "ConvDiscriminator"),
}


def build(name: str, *, seed: int = 0, **arguments: Any) -> Any:
    """The model of that name with weights drawn from `seed`; the random numbers of everybody else go on undisturbed.

    What it was built from stays with it as `model.built_from`, which a run stores.

    Raises:
        TorchbookError: there is no such model, or it has no such argument.
    """
    if name not in MODELS:
        raise TorchbookError(f"there is no model {name!r}; {nearest(name, MODELS)}")
    module, attribute = MODELS[name]
    make = getattr(import_module(f"torchbook.models.{module}"), attribute)
    known = inspect.signature(make).parameters
    for argument, value in arguments.items():
        if argument not in known:
            raise TorchbookError(
                f"the model {name!r} has no argument {argument}={value!r}; it takes {', '.join(known)}"
            )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = make(**arguments)
    model.built_from = {"name": name, "arguments": arguments}
    return model
