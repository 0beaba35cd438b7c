"""CIFAR-10 from its binary archive."""

import gzip
import tarfile
import zlib
from pathlib import Path
from typing import Any

import numpy
import torch

from torchbook.data.dataset import Card, Dataset, Split, channel_statistics, split_indices
from torchbook.data.sets.download import Remote, fetch
from torchbook.errors import TorchbookError

# Of what is in the archive, in bytes: six batches of 10,000 records and some text, with room to spare.
_SIZE = 200 << 20
ARCHIVE = Remote(
    "cifar-10-binary.tar.gz",
    ("https://www.cs.toronto.edu/~kriz/",),
    170_052_171,
    _SIZE,
    "c32a1d4ab5d03f1284b67883e8d87530",
)
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
TRAIN = tuple(f"data_batch_{number}.bin" for number in range(1, 6))
TEST = "test_batch.bin"
RECORD = 1 + 3 * 32 * 32


def cifar10(*, seed: int = 0) -> Dataset:
    """60,000 colour pictures of ten classes, 32 x 32: 45,000 to train, 5,000 to validate, the official 10,000 to
    test."""
    file, notes = fetch(ARCHIVE, folder="cifar10")
    parts = read_archive(file)
    images = torch.cat([parts[name][0] for name in TRAIN])
    labels = torch.cat([parts[name][1] for name in TRAIN])
    train, valid, _ = split_indices(len(labels), fractions=(0.1, 0.0), seed=seed, labels=labels)
    mean, std = channel_statistics(images[train])
    card = Card(
        name="cifar10",
        title="Small colour pictures of ten classes, 32 x 32 pixels",
        kind="images",
        task="classification",
        classes=CLASSES,
        mean=mean,
        std=std,
        augment=("flip", "crop"),
        source="Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009)",
        licence="not stated by its author",
        notes=tuple(notes),
    )
    return Dataset(Split(images[train], labels[train]), Split(images[valid], labels[valid]), Split(*parts[TEST]), card)


def read_archive(file: Path) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Images `[count, 3, 32, 32]` uint8 and labels `[count]` int64 of each batch in the archive.

    Nothing is unpacked to the disk. A record is one byte of label and 3 x 32 x 32 bytes of colour.

    Raises:
        TorchbookError: the archive is damaged, a batch is missing, is cut within a record or has a label above 9.
    """
    parts = {}
    try:
        with gzip.open(file) as unpacked, _stream(unpacked) as archive:
            for member in archive:
                name = Path(member.name).name
                if name in (*TRAIN, TEST) and member.isreg():
                    batch = archive.extractfile(member)
                    assert batch is not None
                    parts[name] = _records(batch.read(), f"{name} in {file}")
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise TorchbookError(f"{file} is damaged or cut short: {error}") from None
    missing = [name for name in (*TRAIN, TEST) if name not in parts]
    if missing:
        raise TorchbookError(f"{file} has no {', '.join(missing)}; expected the binary version of CIFAR-10")
    return parts


def _stream(unpacked: gzip.GzipFile) -> tarfile.TarFile:
    bounded: Any = _AtMost(unpacked)
    return tarfile.open(fileobj=bounded, mode="r|")


class _AtMost:
    """A file to read that holds no more than the official archive, whatever is packed into it."""

    def __init__(self, file: gzip.GzipFile):
        self.file, self.left = file, _SIZE

    def read(self, size: int) -> bytes:
        content = self.file.read(min(self.left, size))
        self.left -= len(content)
        return content


def _records(content: bytes, where: str) -> tuple[torch.Tensor, torch.Tensor]:
    if not content or len(content) % RECORD:
        raise TorchbookError(f"{where} should be a multiple of {RECORD} bytes long, got {len(content):,}")
    records = torch.from_numpy(numpy.frombuffer(content, dtype=numpy.uint8).reshape(-1, RECORD).copy())
    labels = records[:, 0].long()
    if int(labels.max()) > 9:
        row = int((labels > 9).nonzero()[0])
        raise TorchbookError(f"labels must be in 0..9 for 10 classes, got {int(labels[row])} at row {row} of {where}")
    return records[:, 1:].reshape(-1, 3, 32, 32), labels
