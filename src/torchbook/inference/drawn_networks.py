"""Two small networks that ship with torchbook, and the commands that make them from drawn pictures alone:

    python -m torchbook.inference.drawn_networks drawn
    python -m torchbook.inference.drawn_networks faces

`drawn` is a SpeedNet that tells the classes of all drawn sets of pictures apart, a backbone for more of their kind;
`faces` names nine attributes of a drawn face at once. Each takes one to two minutes on two cores, and writes its
weights in half precision and its card beside this file; `torchbook.inference.pretrained` loads them.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from torchbook.data.augment.transforms import Normalize
from torchbook.data.batches import Batches
from torchbook.data.dataset import channel_statistics
from torchbook.data.drawn.faces import FACTORS
from torchbook.data.drawn.pool import Job, drawn
from torchbook.data.images.resize import resized
from torchbook.data.load import load
from torchbook.device import FLOAT32, machine
from torchbook.home import home
from torchbook.models import build
from torchbook.storage import digest, write_atomically
from torchbook.tensor_file import tensors_content
from torchbook.training import Supervised, train
from torchbook.training.schedules import one_cycle

SIDE = 32
# Passes over the pictures, and how many of these: of each set, or of faces.
EPOCHS = {"drawn": 5, "faces": 8}
COUNTS = {"drawn": 2000, "faces": 12_000}
# The drawn sets of pictures, and what is told apart in each.
SETS = ("handwriting", "shapes", "faces?factor=hair_style", "horses", "zebras")
# Where the faces to measure with begin, as in `torchbook.data.drawn.sets`.
_TEST = 1 << 41

Examples = tuple[Tensor, Tensor]


def drawn_sets() -> tuple[Examples, Examples, list[str]]:
    """Returns pictures of all sets, `[n, 3, 32, 32]` uint8, with the numbers of their classes, to learn from and to
    measure with, and the classes."""
    parts: tuple[list[Examples], list[Examples]] = ([], [])
    classes: list[str] = []
    for name in SETS:
        options = {} if name == "handwriting" else {"image_size": SIDE}
        dataset = load(name, count=COUNTS["drawn"], **options)
        for part, split in zip(parts, (dataset.train, dataset.test)):
            assert split.labels is not None
            pictures = resized(split.inputs, SIDE).expand(-1, 3, -1, -1)
            part.append((pictures, split.labels + len(classes)))
        classes += [f"{dataset.card.name}: {value}" for value in dataset.card.classes]
    learnt, tested = (tuple(map(torch.cat, zip(*part, strict=True))) for part in parts)
    return learnt, tested, classes  # type: ignore[return-value]


def faces() -> tuple[Examples, Examples, list[str]]:
    """Returns drawn faces, `[n, 3, 32, 32]` uint8, with the numbers of all their attributes, `[n, factors]`, to learn
    from and to measure with, and the values of the attributes."""
    parts = []
    for first, count in ((0, COUNTS["faces"]), (_TEST, COUNTS["faces"] // 6)):
        pictures, labels = drawn(Job("faces:faces", 0, first, count, SIDE), home() / "packs")
        parts.append((torch.from_numpy(pictures), torch.from_numpy(labels)))
    return parts[0], parts[1], [f"{factor}: {value}" for factor, values in FACTORS.items() for value in values]


def of_attributes(logits: Tensor) -> list[Tensor]:
    """Returns the logits of each attribute of a face, out of those of all values."""
    ends = [0]
    for values in FACTORS.values():
        ends.append(ends[-1] + len(values))
    return [logits[:, first:last] for first, last in pairwise(ends)]


def attribute_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Returns the mean cross-entropy of the attributes."""
    parts = of_attributes(logits)
    return sum((F.cross_entropy(part, labels[:, i]) for i, part in enumerate(parts)), logits.new_zeros(())) / len(parts)


def learn(
    network: Any, learnt: Examples, loss: Callable[[Tensor, Tensor], Tensor], *, epochs: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Trains a network, and returns the mean and standard deviation its pictures are normalised with."""
    mean, std = channel_statistics(learnt[0])
    batches = Batches(*learnt, size=128, shuffle=True, seed=0, normalize=Normalize(mean, std))
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.004, weight_decay=0.02, fused=True)
    task = Supervised(
        FLOAT32.place(network), optimizer, loss=loss, schedule=one_cycle(epochs * len(batches)), choice=FLOAT32
    )
    for report in train(task, batches, epochs=epochs):
        print(f"epoch {report.epoch}  loss {report['loss']:.4f}  {report.seconds:.0f} s", file=sys.stderr, flush=True)
    network.eval()
    return mean, std


def accuracies(name: str, network: Any, tested: Examples, normalize: Normalize) -> dict[str, float]:
    """Returns the accuracy on pictures that were not learnt from: of all sets together, or of each attribute."""
    with torch.no_grad():
        logits = torch.cat([network(normalize(part)) for part in tested[0].split(500)])
    if name == "drawn":
        return {"all": (logits.argmax(1) == tested[1]).double().mean().item()}
    parts = of_attributes(logits)
    return {
        factor: (part.argmax(1) == tested[1][:, i]).double().mean().item()
        for i, (factor, part) in enumerate(zip(FACTORS, parts))
    }


def store(name: str) -> None:
    """Makes a network, and writes its weights and its card."""
    learnt, tested, classes = drawn_sets() if name == "drawn" else faces()
    if name == "drawn":
        network = build("speednet", channels=3, outputs=len(classes), width=16, views=1)
        title = "A SpeedNet for the drawn sets of pictures"
    else:
        network = build("cnn", sample_shape=(3, SIDE, SIDE), outputs=len(classes), width=16, dense=64, dropout=0.1)
        title = "A small convolutional network for nine attributes of drawn faces"
    mean, std = learn(network, learnt, F.cross_entropy if name == "drawn" else attribute_loss, epochs=EPOCHS[name])
    halved = {key: value.half() if value.is_floating_point() else value for key, value in network.state_dict().items()}
    network.load_state_dict(halved)
    content, here = tensors_content(halved), machine()
    card = {
        "title": title,
        "learned_from": f"drawn pictures of {', '.join(SETS) if name == 'drawn' else 'faces'} alone",
        "examples": len(learnt[0]),
        "accuracy": accuracies(name, network, tested, Normalize(mean, std)),
        "tested_on": len(tested[0]),
        "licence": "MIT, as torchbook itself",
        "command": f"python -m torchbook.inference.drawn_networks {name}",
        "date": datetime.now(UTC).date().isoformat(),
        "processor": here["processor"],
        "torch": here["torch"],
        "sha256": digest(content),
        "built_from": network.built_from,
        "sample_shape": [3, SIDE, SIDE],
        "mean": mean,
        "std": std,
        "classes": classes,
    }
    file = Path(__file__).with_name(f"{name}_network.safetensors")
    write_atomically(file, content)
    write_atomically(file.with_suffix(".json"), (json.dumps(card, indent=2) + "\n").encode())


if __name__ == "__main__":
    store(sys.argv[1])
