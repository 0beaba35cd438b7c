"""SpeedNet: the most accuracy for a few minutes of two cores, each idea an argument that can be switched off."""

from typing import Any

from torch import nn

from torchbook.data.augment.resample import Growing
from torchbook.data.augment.transforms import AlternatingFlip, Compose, Crop, Flip
from torchbook.data.load import load_images
from torchbook.evaluation import classification, final_test
from torchbook.models import build
from torchbook.run import Run
from torchbook.training import Supervised, fit
from torchbook.training.muon import Muon
from torchbook.training.schedules import linear

# The part of every shift that a step takes away.
DECAY = 0.004


def speednet(
    run: Run,
    *,
    data: str = "shapes",
    image_size: int = 32,
    epochs: int = 8,
    batch_size: int = 2000,
    micro_batch: int = 250,
    replicas: int = 2,
    width: int = 64,
    whiten: bool = True,
    identity: bool = True,
    frozen_scale: bool = True,
    muon: bool = True,
    alternate: bool = True,
    grow: tuple[float, ...] = (0.75, 0.875, 1.0),
    views: int = 6,
    learning_rate: float = 0.24,
    bias_rate: float = 0.053,
    head_rate: float = 0.02,
    label_smoothing: float = 0.2,
    seed: int = 0,
) -> dict:
    """A small network and everything known that makes it learn fast: whitened patches, identity initialisation, frozen
    scales, orthogonal updates (Muon), mirror images in turns, pictures that grow, and more looks only where unsure.

    `benchmarks/time_to_accuracy.py worth` switches one after the other off. `bias_rate` is for one example.

    Cost: 8 minutes, 2.3 GB.
    """
    dataset = load_images(data, image_size=image_size, seed=seed)
    mirrored = "flip" in dataset.card.augment
    model = build(
        "speednet",
        channels=dataset.sample_shape[0],
        outputs=len(dataset.card.classes),
        width=width,
        identity=identity,
        frozen_scale=frozen_scale,
        views=views if mirrored else 1,
        seed=seed,
    )
    if whiten:
        model.whiten_with(dataset.normalize(dataset.train.some(5000)))
    flips = [AlternatingFlip(seed) if alternate else Flip()] if mirrored else []
    changes = Compose(*flips, Crop(2), Growing(grow, epochs=epochs))
    batches = dataset.batches("train", size=batch_size, seed=seed, augment=changes)
    whole, beginning = linear(epochs * len(batches)), linear(min(3, epochs) * len(batches))
    task = Supervised(
        model,
        optimizer(model, muon, learning_rate, bias_rate * batch_size, head_rate),
        loss=nn.CrossEntropyLoss(label_smoothing=label_smoothing),
        measure=classification,
        schedule=[whole, whole, whole, beginning],
        micro_batch=micro_batch,
        replicas=replicas,
        choice=run.choice,
    )
    fit(run, task, dataset, batches, epochs=epochs)
    return final_test(run, task, dataset)


def optimizer(model: Any, muon: bool, learning_rate: float, bias_rate: float, head_rate: float) -> Muon:
    """Filters by Muon or by plain SGD; the few shifts fast, for each moves a whole map; the head on its own."""
    filters = [p for p in model.parameters() if p.ndim == 4 and p.requires_grad]
    shifts = [p for name, p in model.blocks.named_parameters() if p.ndim == 1 and p.requires_grad]
    by_muon = {"orthogonal": True, "lr": learning_rate, "momentum": 0.6}
    # Without Muon filters learn 36 times slower than shifts; a kernel has many weights that move together.
    by_sgd = {"lr": bias_rate / 36, "weight_decay": DECAY}
    return Muon(
        [
            {"params": filters} | (by_muon if muon else by_sgd),
            {"params": shifts, "lr": bias_rate, "weight_decay": DECAY},
            {"params": [model.head.weight], "lr": head_rate, "weight_decay": DECAY},
            {"params": [model.patches.bias], "lr": bias_rate, "weight_decay": DECAY},
        ],
        momentum=0.85,
    )
