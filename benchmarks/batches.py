"""How long an epoch of 60,000 pictures of 28 x 28 takes to iterate, and what that does to a whole training epoch.

    python benchmarks/batches.py

Four ways to the same normalised float32 batches of 512, shuffled: `Batches`; a `DataLoader` over a `TensorDataset` of
floats; a `DataLoader` with the per-image work of the courses (Pillow image, to tensor, normalise); and that with two
worker processes. The pictures are drawn at random: their content does not matter for the time.
"""

from functools import partial

import numpy
import torch
import torch.nn.functional as F
from interleave import interleave, table
from PIL import Image
from torch.utils.data import DataLoader, Dataset, TensorDataset

from torchbook import Batches, build
from torchbook.data.augment.transforms import Normalize

COUNT, SIZE = 60_000, 512
IMAGES = torch.randint(0, 256, (COUNT, 1, 28, 28), dtype=torch.uint8)
LABELS = torch.randint(0, 10, (COUNT,))
MEAN, STD = 0.1307, 0.3081


class PerImage(Dataset):
    """What `torchvision.datasets.MNIST` with `ToTensor` and `Normalize` does for each picture."""

    def __init__(self) -> None:
        self.images = IMAGES[:, 0].numpy()

    def __len__(self) -> int:
        return COUNT

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        image = Image.fromarray(self.images[index])
        pixels = torch.from_numpy(numpy.array(image, copy=True)).unsqueeze(0).float().div(255)
        return pixels.sub_(MEAN).div_(STD), int(LABELS[index])


def batches() -> Batches:
    return Batches(IMAGES, LABELS, size=SIZE, shuffle=True, normalize=Normalize((MEAN,), (STD,)))


FLOATS = TensorDataset((IMAGES.float() / 255 - MEAN) / STD, LABELS)
SOURCES = {
    "Batches": batches(),
    "TensorDataset": DataLoader(FLOATS, batch_size=SIZE, shuffle=True),
    "per image": DataLoader(PerImage(), batch_size=SIZE, shuffle=True),
    "per image, 2 workers": DataLoader(PerImage(), batch_size=SIZE, shuffle=True, num_workers=2),
}


def iterate(source) -> None:
    for images, _ in source:
        assert images.dtype == torch.float32


def train_on(source, name: str) -> None:
    model = build(name, sample_shape=(1, 28, 28), outputs=10)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for images, labels in source:
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()
        optimizer.zero_grad()


if __name__ == "__main__":
    print("One epoch, iterated only:\n")
    print(table(interleave({k: partial(iterate, s) for k, s in SOURCES.items()}, rounds=5), beside="Batches"))
    for name, rounds in (("linear", 5), ("mlp", 5), ("cnn", 1)):
        print(f"\nOne epoch of training, {name}:\n")
        few = {k: s for k, s in SOURCES.items() if "workers" not in k}
        seconds = interleave({k: partial(train_on, s, name) for k, s in few.items()}, rounds=rounds)
        print(table(seconds, beside="Batches"))
