"""How good generated pictures are: a Fréchet distance on our own classifier's features, and how many classes they
cover.

This is *not* the Inception FID of papers: the features are those of a small classifier of the same data set, so values
compare only with values of the same classifier, whose hash stands beside each of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import torch
from filelock import FileLock
from jaxtyping import Float
from torch import Tensor, nn

from torchbook.data.augment.transforms import Normalize, augmentation
from torchbook.data.dataset import Dataset, Split
from torchbook.home import home
from torchbook.models import build
from torchbook.storage import digest, write_atomically
from torchbook.tensor_file import fill, read_tensors, tensors_content
from torchbook.training.loop import train
from torchbook.training.schedules import one_cycle
from torchbook.training.supervised import Supervised

# A class is covered when it has at least this part of an equal share: 3 % of the samples where there are ten classes.
COVERED = 0.3

# A finished generator is judged by so many samples.
SAMPLES = 10_000


@dataclass(frozen=True)
class Judge:
    """A classifier of a data set, and a hash of its weights: features for the distance, classes for the coverage.

    Pictures come in -1..1, as generators make them. `classes` is 0 where the pictures have none: nothing is covered
    then.
    """

    classifier: nn.Sequential
    normalize: Normalize
    classes: int
    hash: str

    @torch.no_grad()
    def look(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The features before the last layer, `[count, 128]`, and the most likely class, `[count]`."""
        self.classifier.eval()
        features, classes = [], []
        for part in images.split(500):
            seen = self.classifier[:-1](self.normalize(part.cpu() / 2 + 0.5))
            features.append(seen)
            classes.append(self.classifier[-1](seen).argmax(1))
        return torch.cat(features), torch.cat(classes)

    def __call__(self, real: Iterable[Any], generated: Tensor) -> dict[str, Any]:
        """Compares real batches (in -1..1) with generated pictures: `frechet`, `classes_covered`, and the shares of the
        classes."""
        real_features, _ = self.look(torch.cat([images.cpu() for images, _ in real]))
        features, predicted = self.look(generated)
        distance = {"frechet": frechet_distance(real_features, features), "judge": self.hash}
        if not self.classes:
            return distance
        shares = torch.bincount(predicted, minlength=self.classes) / len(predicted)
        return distance | {
            "classes_covered": int((shares >= COVERED / self.classes).sum()),
            "class_shares": [round(share, 4) for share in shares.tolist()],
        }


def frechet_distance(first: Float[Tensor, "n features"], second: Float[Tensor, "m features"]) -> float:
    """The squared 2-Wasserstein distance between the two normal distributions with the means and covariances of the
    features.

    `|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))` (Dowson and Landau, 1982; Heusel, 2017). Zero for equal statistics.
    """
    first, second = first.double(), second.double()
    means = (first.mean(0) - second.mean(0)).square().sum()
    size = first.shape[1]
    covariances = [torch.cov(features.T).reshape(size, size) for features in (first, second)]
    # tr (C1 C2)^(1/2) is the sum of the roots of the eigenvalues of C1^(1/2) C2 C1^(1/2), which is symmetric.
    values, vectors = torch.linalg.eigh(covariances[0])
    root = (vectors * values.clamp(min=0).sqrt()) @ vectors.T
    overlap = torch.linalg.eigvalsh(root @ covariances[1] @ root).clamp(min=0).sqrt().sum()
    distance = means + covariances[0].trace() + covariances[1].trace() - 2 * overlap
    return max(0.0, distance.item())


def judge(dataset: Dataset, *, epochs: int | None = None) -> Judge:
    """The judge of a data set: trained once, with a fixed seed and in float32, and kept under `TORCHBOOK_HOME`.

    Of pictures without classes it has learned to tell how they were turned, which needs no labels and makes it look at
    what is in them (S. Gidaris et al., Unsupervised Representation Learning by Predicting Image Rotations, 2018).
    """
    classes = len(dataset.card.classes) if dataset.card.task == "classification" else 0
    dataset = dataset if classes else _turned(dataset)
    card, train_split = dataset.card, dataset.train
    known = dataset.batches("train", size=1).fingerprint(), card.name, card.classes, dataset.sample_shape
    key = digest(repr(known).encode())[:12]
    file = home() / "judges" / f"{card.name.replace('/', '-')}-{key}.safetensors"
    classifier = build("cnn", sample_shape=dataset.sample_shape, outputs=len(card.classes), width=16, seed=0)
    file.parent.mkdir(parents=True, exist_ok=True)
    # Processes that need the same judge train it once.
    with FileLock(file.with_suffix(".lock")):
        if file.is_file():
            fill(classifier, read_tensors(file.read_bytes(), file), file)
        else:
            _train(classifier, dataset, epochs or max(2, min(20, 150_000 // len(train_split))))
            write_atomically(file, tensors_content(classifier.state_dict()))
    return Judge(classifier, dataset.normalize, classes, digest(file.read_bytes())[:12])


def _turned(dataset: Dataset) -> Dataset:
    """About 10,000 training pictures in four positions each, the position as the class: turned by quarters, or mirrored
    both ways where they are no squares."""
    pictures = dataset.train.some(10_000)
    square = pictures.shape[2] == pictures.shape[3]
    ways = [(), (2,), (3,), (2, 3)]
    turned = [torch.rot90(pictures, turn, (2, 3)) if square else pictures.flip(ways[turn]) for turn in range(4)]
    labels = torch.arange(4).repeat_interleave(len(pictures))
    card = replace(dataset.card, task="classification", classes=("0", "1", "2", "3"), augment=())
    return replace(dataset, train=Split(torch.cat(turned), labels), card=card)


def _train(classifier: nn.Module, dataset: Dataset, epochs: int) -> None:
    batches = dataset.batches(
        "train", size=128, seed=0, augment=augmentation([a for a in dataset.card.augment if a != "flip"])
    )
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=3e-3, weight_decay=1e-2)
    task = Supervised(classifier, optimizer, schedule=one_cycle(epochs * len(batches)))
    for _ in train(task, batches, epochs=epochs):
        pass


def floor(judge: Judge, dataset: Dataset) -> float:
    """The Fréchet distance between the real training and test pictures (about 10,000 of each): what perfect samples
    would reach."""
    to_gan_range = Normalize((0.5,) * dataset.sample_shape[0], (0.5,) * dataset.sample_shape[0])
    features = [
        judge.look(torch.cat([to_gan_range(part) for part in split.some(10_000).split(1000)]))[0]
        for split in (dataset.train, dataset.test)
    ]
    return frechet_distance(*features)
