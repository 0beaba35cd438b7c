import gzip
import math

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook import TorchbookError, load
from torchbook.data.sets.mnist import read_idx


def idx(array):
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(numpy.uint8).tobytes()


@settings(max_examples=25, deadline=None)
@given(shape=st.lists(st.integers(1, 5), min_size=1, max_size=4), packed=st.booleans())
def test_an_idx_file_is_read_back(tmp_path_factory, shape, packed):
    array = numpy.arange(math.prod(shape)).reshape(shape) % 256
    file = tmp_path_factory.mktemp("idx") / "file"
    file.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    assert numpy.array_equal(read_idx(file).numpy(), array)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=60), cut=st.integers(0, 40))
def test_a_damaged_idx_file_is_refused_in_words(tmp_path_factory, content, cut):
    good = gzip.compress(idx(numpy.zeros((3, 4))))
    file = tmp_path_factory.mktemp("idx") / "file"
    for damaged in (content, good[: min(cut, len(good) - 1)], idx(numpy.zeros((3, 4)))[: -1 - cut % 12]):
        file.write_bytes(damaged)
        with pytest.raises(TorchbookError, match=r"IDX|damaged|should hold"):
            read_idx(file)


def write(folder, *, train=120, test=30, labels=10, label_count=None):
    rng = numpy.random.default_rng(0)
    folder.mkdir(parents=True)
    for part, count in (("train", train), ("t10k", test)):
        images = rng.integers(0, 256, (count, 28, 28))
        (folder / f"{part}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        chosen = numpy.arange(label_count or count) % labels
        (folder / f"{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(chosen)))


def test_own_files_come_first_and_an_unofficial_content_is_said(tmp_path, monkeypatch):
    write(tmp_path / "fashion_mnist")
    monkeypatch.setenv("TORCHBOOK_DATA", str(tmp_path))
    dataset = load("fashion_mnist")
    assert [len(split) for split in dataset] == [110, 10, 30]
    assert dataset.train.inputs.shape[1:] == (1, 28, 28) and dataset.train.inputs.dtype == torch.uint8
    assert len(dataset.card.notes) == 4 and "not that of the official file" in dataset.card.notes[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": 11}, r"labels must be in 0..9 for 10 classes, got 10 at row 10"),
        ({"label_count": 7}, "as many labels"),
    ],
)
def test_labels_that_do_not_fit_are_named(tmp_path, monkeypatch, options, message):
    write(tmp_path / "mnist", **options)
    monkeypatch.setenv("TORCHBOOK_DATA", str(tmp_path))
    with pytest.raises(TorchbookError, match=message):
        load("mnist")


def test_offline_the_message_says_where_to_put_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHBOOK_DATA", str(tmp_path))
    monkeypatch.setattr("torchbook.data.sets.mnist.MNIST_MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(TorchbookError) as error:
        load("mnist")
    for part in ("train-images-idx3-ubyte.gz", "http://127.0.0.1:9/", str(tmp_path / "mnist")):
        assert part in str(error.value)


@pytest.mark.slow
def test_the_real_mnist(real_files):
    dataset = load("mnist")
    assert [len(split) for split in dataset] == [55_000, 5_000, 10_000] or sum(map(len, dataset)) == 70_000
    assert dataset.card.notes == ()
    assert dataset.test.labels[:5].tolist() == [7, 2, 1, 0, 4]
