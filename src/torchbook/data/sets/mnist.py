"""MNIST and Fashion-MNIST in their own IDX format."""

import gzip
import math
import zlib
from pathlib import Path

import numpy
import torch
from torch import Tensor

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics, split_indices
from torchbook.data.sets.download import Remote, fetch, is_here
from torchbook.errors import TorchbookError

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FASHION_MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
)
MNIST = {
    "train-images-idx3-ubyte.gz": ("f68b3c2dcbeaaa9fbdd348bbdeb94873", "6bbc9ace898e44ae57da46a324031adb"),
    "train-labels-idx1-ubyte.gz": ("d53e105ee54ea40749a09fcbcd1e9432", "a25bea736e30d166cdddb491f175f624"),
    "t10k-images-idx3-ubyte.gz": ("9fb629c4189551a2d022fa330f9573f3", "2646ac647ad5339dbf082846283269ea"),
    "t10k-labels-idx1-ubyte.gz": ("ec29112dd5afa0611ce80d1b7f02629c", "27ae3e4e09519cfbb04c329615203637"),
}
FASHION = {
    "train-images-idx3-ubyte.gz": ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", None),
    "train-labels-idx1-ubyte.gz": ("25c81989df183df01b3e8a0aad5dffbe", None),
    "t10k-images-idx3-ubyte.gz": ("bef4ecab320f06d8554ea6380940ec79", None),
    "t10k-labels-idx1-ubyte.gz": ("bb300cfdad3c16e7a12a480ee83cd310", None),
}
CLOTHES = ("t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


def mnist(*, seed: int = 0) -> Dataset:
    """70,000 handwritten digits, 28 x 28, grey: 55,000 to train, 5,000 to validate, and the official 10,000 to test."""
    remotes = [Remote(name, MNIST_MIRRORS, *sums) for name, sums in MNIST.items()]
    return _dataset(
        "mnist",
        remotes,
        seed,
        title="Handwritten digits, 28 x 28 pixels",
        classes=tuple(str(digit) for digit in range(10)),
        augment=("shift",),
        source="LeCun, Cortes and Burges, the MNIST database (1998)",
        licence="CC BY-SA 3.0",
    )


def mnist_is_here() -> bool:
    """Returns True if the files of MNIST are on this machine, so that loading it needs no network."""
    return all(is_here(name, folder="mnist") for name in MNIST)


def fashion_mnist(*, seed: int = 0) -> Dataset:
    """70,000 pictures of clothes, 28 x 28, grey, in the form of MNIST."""
    remotes = [Remote(name, FASHION_MIRRORS, *sums) for name, sums in FASHION.items()]
    return _dataset(
        "fashion_mnist",
        remotes,
        seed,
        title="Pictures of clothes, 28 x 28 pixels",
        classes=CLOTHES,
        augment=("flip", "shift"),
        source="Xiao, Rasul and Vollgraf, Fashion-MNIST (2017)",
        licence="MIT",
    )


def _dataset(
    name: str,
    remotes: list[Remote],
    seed: int,
    *,
    title: str,
    classes: tuple[str, ...],
    augment: tuple[str, ...],
    source: str,
    licence: str,
) -> Dataset:
    tensors, notes = [], []
    for remote in remotes:
        file, odd = fetch(remote, folder=name)
        tensors.append(read_idx(file))
        notes += odd
    train_images, train_labels, test_images, test_labels = tensors
    for images, labels, name_of_labels in (
        (train_images, train_labels, remotes[1].name),
        (test_images, test_labels, remotes[3].name),
    ):
        _check_pair(images, labels, name_of_labels, len(classes))
    labels = train_labels.long()
    train, valid, _ = split_indices(len(labels), fractions=(1 / 12, 0.0), seed=seed, labels=labels)
    train_images, test_images = train_images.unsqueeze(1), test_images.unsqueeze(1)
    train_split = Split(train_images[train], labels[train])
    mean, std = channel_statistics(train_split.inputs)
    card = Card(
        name=name,
        title=title,
        kind="images",
        task="classification",
        classes=classes,
        mean=mean,
        std=std,
        augment=augment,
        licence=licence,
        source=source,
        notes=tuple(notes),
    )
    valid_split = Split(train_images[valid], labels[valid])
    return Dataset(train_split, valid_split, Split(test_images, test_labels.long()), card)


def _check_pair(images: Tensor, labels: Tensor, file: str, classes: int) -> None:
    if images.ndim != 3 or labels.ndim != 1 or len(images) != len(labels) or len(images) == 0:
        raise TorchbookError(
            f"{file}: expected as many labels as images, "
            f"got labels {list(labels.shape)} for images {list(images.shape)}"
        )
    if int(labels.max()) >= classes:
        row = int((labels >= classes).nonzero()[0])
        raise TorchbookError(
            f"labels must be in 0..{classes - 1} for {classes} classes, got {int(labels[row])} at row {row} of {file}"
        )


def read_idx(file: Path) -> Tensor:
    """The uint8 tensor in an IDX file, compressed by gzip or plain.

    Two zero bytes, the type (8 is uint8), the number of dimensions, each length as four bytes, then the values.

    Raises:
        TorchbookError: wrong magic number, another type, or more or fewer values than the lengths say.
    """
    content = file.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise TorchbookError(f"{file} is damaged or cut short: {error}") from None
    if len(content) < 4 or content[:3] != b"\x00\x00\x08" or not 1 <= content[3] <= 4:
        raise TorchbookError(
            f"{file} is no IDX file of bytes: it begins with {content[:4].hex(' ')}, expected 00 00 08 and 1 to 4"
        )
    start = 4 + 4 * content[3]
    shape = [int.from_bytes(content[i : i + 4], "big") for i in range(4, start, 4)]
    if len(content) - start != math.prod(shape):
        raise TorchbookError(
            f"{file} should hold {math.prod(shape):,} values for the shape {shape}, got {len(content) - start:,}"
        )
    return torch.from_numpy(numpy.frombuffer(content, dtype=numpy.uint8, offset=start).reshape(shape).copy())
