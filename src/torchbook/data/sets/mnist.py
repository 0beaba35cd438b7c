"""MNIST and Fashion-MNIST in their own IDX format."""

import gzip
import math
import zlib
from collections.abc import Mapping
from io import BufferedIOBase
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
# Of each file its size and the MD5 sums of the file and of what is inside; then how large that is.
MNIST = {
    "train-images-idx3-ubyte.gz": (9_912_422, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "6bbc9ace898e44ae57da46a324031adb"),
    "train-labels-idx1-ubyte.gz": (28_881, "d53e105ee54ea40749a09fcbcd1e9432", "a25bea736e30d166cdddb491f175f624"),
    "t10k-images-idx3-ubyte.gz": (1_648_877, "9fb629c4189551a2d022fa330f9573f3", "2646ac647ad5339dbf082846283269ea"),
    "t10k-labels-idx1-ubyte.gz": (4_542, "ec29112dd5afa0611ce80d1b7f02629c", "27ae3e4e09519cfbb04c329615203637"),
}
FASHION = {
    "train-images-idx3-ubyte.gz": (26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", None),
    "train-labels-idx1-ubyte.gz": (29_515, "25c81989df183df01b3e8a0aad5dffbe", None),
    "t10k-images-idx3-ubyte.gz": (4_422_102, "bef4ecab320f06d8554ea6380940ec79", None),
    "t10k-labels-idx1-ubyte.gz": (5_148, "bb300cfdad3c16e7a12a480ee83cd310", None),
}
# So many values are read at most, twenty times those of MNIST.
LARGEST = 1 << 30
_CONTENT = {"train-images": 47_040_016, "train-labels": 60_008, "t10k-images": 7_840_016, "t10k-labels": 10_008}
CLOTHES = ("t-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


def mnist(*, seed: int = 0) -> Dataset:
    """70,000 handwritten digits, 28 x 28, grey: 55,000 to train, 5,000 to validate, and the official 10,000 to test."""
    remotes = _remotes(MNIST, MNIST_MIRRORS)
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
    remotes = _remotes(FASHION, FASHION_MIRRORS)
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


def _remotes(files: Mapping[str, tuple[int, str, str | None]], mirrors: tuple[str, ...]) -> list[Remote]:
    return [
        Remote(name, mirrors, size, _CONTENT[name.partition("-idx")[0]], archive_md5, content_md5)
        for name, (size, archive_md5, content_md5) in files.items()
    ]


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
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            return _idx(gzip.open(raw) if packed else raw, file)
        except (OSError, EOFError, zlib.error) as error:
            raise TorchbookError(f"{file} is damaged or cut short: {error}") from None


def _idx(content: BufferedIOBase, file: Path) -> Tensor:
    """The tensor in what is unpacked; no more of it is than the shape at its beginning asks for."""
    head = content.read(4)
    if len(head) < 4 or head[:3] != b"\x00\x00\x08" or not 1 <= head[3] <= 4:
        raise TorchbookError(
            f"{file} is no IDX file of bytes: it begins with {head.hex(' ')}, expected 00 00 08 and 1 to 4"
        )
    lengths = content.read(4 * head[3])
    shape = [int.from_bytes(lengths[i : i + 4], "big") for i in range(0, 4 * head[3], 4)]
    count = math.prod(shape)
    if count > LARGEST:
        raise TorchbookError(f"{file} should hold {count:,} values for the shape {shape}, more than {LARGEST:,}")
    values = content.read(count + 1)
    if len(values) != count:
        got = f"{len(values):,}" if len(values) < count else "more"
        raise TorchbookError(f"{file} should hold {count:,} values for the shape {shape}, got {got}")
    return torch.from_numpy(numpy.frombuffer(values, dtype=numpy.uint8).reshape(shape).copy())
