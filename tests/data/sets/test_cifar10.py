import io
import tarfile

import numpy
import pytest

from torchbook import TorchbookError, load
from torchbook.data.sets.cifar10 import RECORD, TEST, TRAIN, read_archive


def archive(folder, *, count=40, label=None, drop=None, cut=0):
    folder.mkdir(parents=True, exist_ok=True)
    rng = numpy.random.default_rng(0)
    file = folder / "cifar-10-binary.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        for name in (*TRAIN, TEST):
            if name == drop:
                continue
            records = rng.integers(0, 256, (count, RECORD)).astype(numpy.uint8)
            records[:, 0] = numpy.arange(count) % 10 if label is None else label
            content = records.tobytes()[: count * RECORD - cut]
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return file


def test_records_become_images_and_labels(tmp_path, monkeypatch):
    archive(tmp_path / "cifar10")
    monkeypatch.setenv("TORCHBOOK_DATA", str(tmp_path))
    dataset = load("cifar10")
    assert [len(split) for split in dataset] == [180, 20, 40]
    assert dataset.sample_shape == (3, 32, 32) and dataset.card.classes[3] == "cat"
    raw = numpy.random.default_rng(0).integers(0, 256, (40, RECORD)).astype(numpy.uint8)
    images, labels = read_archive(tmp_path / "cifar10" / "cifar-10-binary.tar.gz")[TRAIN[0]]
    assert numpy.array_equal(images.numpy().reshape(40, -1), raw[:, 1:]) and labels.tolist() == [
        n % 10 for n in range(40)
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"label": 10}, "got 10 at row 0"), ({"drop": TEST}, "has no test_batch.bin"), ({"cut": 5}, "multiple of 3073")],
)
def test_what_is_wrong_with_an_archive_is_named(tmp_path, options, message):
    with pytest.raises(TorchbookError, match=message):
        read_archive(archive(tmp_path, **options))


def test_a_truncated_archive_is_refused(tmp_path):
    file = archive(tmp_path)
    file.write_bytes(file.read_bytes()[:20_000])
    with pytest.raises(TorchbookError, match="damaged or cut short"):
        read_archive(file)
