"""A small network that ships with torchbook and reads digits, and the command that stores one.

It has learned from drawn digits only. It was made by these two commands, which take some minutes on two cores; the
second also measures it on the 10,000 test digits of MNIST, which people wrote, and gets them where they are missing:

    torchbook train cnn --data handwriting --width 8 --dense 32 --dropout 0.1 --epochs 8 --number-format float32
    python -m torchbook.inference.reader RUN

`summary()` says what it learned from, how well it reads, and the SHA-256 of the weights, which are checked whenever
they are loaded.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from jaxtyping import Float32, UInt8
from torch import Tensor, nn

from torchbook.data.augment.transforms import Normalize
from torchbook.data.dataset import Split
from torchbook.data.load import load
from torchbook.errors import TorchbookError
from torchbook.evaluation import accuracy
from torchbook.inference.predict import Trained, load_model
from torchbook.inference.pretrained import SHIPPED
from torchbook.models import build
from torchbook.record import parsed
from torchbook.run import Run
from torchbook.tensor_file import fill, read_tensors, tensors_content

WEIGHTS = Path(__file__).with_name("digit_reader.safetensors")
SUMMARY = Path(__file__).with_name("digit_reader.json")


class DigitReader(nn.Module):
    """A classifier of stored pictures: white ink (255) on black (0), in the form of MNIST."""

    def __init__(self, network: nn.Module, mean: list[float], std: list[float]):
        super().__init__()
        self.network = network
        self.normalize = Normalize(mean, std)

    def forward(self, pictures: UInt8[Tensor, "n 1 28 28"]) -> Float32[Tensor, "n 10"]:
        """Returns the logits of the ten digits."""
        return self.network(self.normalize(pictures))


def digit_reader() -> DigitReader:
    """Returns the network that ships with torchbook, in evaluation mode.

    Raises:
        TorchbookError: the file of its weights is missing, or is not the one that was stored.
    """
    about, content = summary(), _read(WEIGHTS)
    digest = hashlib.sha256(content).hexdigest()
    if digest != about["sha256"]:
        raise TorchbookError(
            f"{WEIGHTS} is not the file that ships with torchbook: its SHA-256 is {digest}, expected "
            f"{about['sha256']}; install torchbook again"
        )
    built_from = about["built_from"]
    network = build(built_from["name"], **built_from["arguments"])
    fill(network, read_tensors(content, WEIGHTS), WEIGHTS)
    return DigitReader(network, about["mean"], about["std"]).eval()


def summary() -> dict[str, Any]:
    """Returns the story of the network that ships.

    It says what the network `learned_from` (so many `examples`), its `accuracy` on `tested_on` digits of that kind that
    it has not seen, its `accuracy_on_mnist` on `mnist_digits` that people wrote, the `command`, `date`, `processor` and
    version of PyTorch (`torch`) it was made with, and the `sha256` of its weights.

    Raises:
        TorchbookError: the file of the summary is missing.
    """
    about: dict[str, Any] = parsed(_read(SUMMARY), SHIPPED, SUMMARY)
    return about


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise TorchbookError(f"{file} is missing, which ships with torchbook; install torchbook again") from None


def _accuracy(trained: Trained, examples: Split) -> float:
    assert examples.labels is not None  # digits have labels
    return accuracy(trained.outputs(examples.inputs), examples.labels)


def store(run: Run) -> None:
    """Stores the model of a finished run of the recipe `cnn` as the network that ships, with its summary."""
    trained, about = load_model(run), run.model_description()
    story, arguments = run.about, run.about["arguments"]
    dataset, by_people = load(arguments["data"], seed=arguments["seed"]), load("mnist").test
    content = tensors_content(trained.model.state_dict())
    options = ("data", "width", "dense", "dropout", "epochs", "seed")
    description = {
        "learned_from": about["card"]["title"],
        "examples": len(dataset.train),
        "accuracy": _accuracy(trained, dataset.test),
        "tested_on": len(dataset.test),
        "accuracy_on_mnist": _accuracy(trained, by_people),
        "mnist_digits": len(by_people),
        "command": "torchbook train cnn "
        + " ".join(f"--{name} {arguments[name]}" for name in options)
        + f" --number-format {about['number_format']}",
        "date": story["created"][:10],
        "processor": story["machine"]["processor"],
        "torch": story["machine"]["torch"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "built_from": about["built_from"],
        "mean": about["card"]["mean"],
        "std": about["card"]["std"],
        "title": "A small convolutional network for digits",
        "licence": "MIT, as torchbook itself",
        "sample_shape": about["sample_shape"],
        "classes": about["card"]["classes"],
    }
    WEIGHTS.write_bytes(content)
    SUMMARY.write_text(json.dumps(description, indent=2) + "\n")


if __name__ == "__main__":
    store(Run.open(Path(sys.argv[1])))
