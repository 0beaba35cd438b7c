import gzip
import hashlib
import math

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook import TorchbookError, load
from torchbook.data.sets.download import Remote, fetch
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


LARGE = b"\0\0\x08\x01" + (200_000_000).to_bytes(4, "big"), b"\0\0\x08\x02" + b"\xff" * 8


@pytest.mark.parametrize("head", [b"\0" * 4, *LARGE])
def test_no_more_is_unpacked_than_the_beginning_asks_for(tmp_path, monkeypatch, head):
    """64 MB of zeros in 64 kB: what claims little is not unpacked whole, and what claims much is not believed."""
    (tmp_path / "file").write_bytes(gzip.compress(head + b"\0" * (64 << 20), compresslevel=1))
    unpacked = []
    read = gzip.GzipFile.read

    def counted(file, size=-1):
        content = read(file, size)
        unpacked.append(len(content))
        return content

    monkeypatch.setattr(gzip.GzipFile, "read", counted)
    with pytest.raises(TorchbookError, match=r"is no IDX file|should hold"):
        read_idx(tmp_path / "file")
    assert sum(unpacked) <= 65 << 20
    (tmp_path / "file").write_bytes(gzip.compress(b"\0\0\x08\x01" + (70).to_bytes(4, "big") + b"\0" * (64 << 20)))
    unpacked.clear()
    with pytest.raises(TorchbookError, match=r"should hold 70 values for the shape \[70\], got more"):
        read_idx(tmp_path / "file")
    assert sum(unpacked) == 79


def test_a_download_is_not_larger_than_the_official_file(tmp_path, own_home, monkeypatch):
    right, wanted = b"x" * 1000, gzip.compress(b"the content")
    remote = Remote("file", ("http://mirror/",), len(right), len(right), hashlib.md5(right).hexdigest())
    sent = [right + b"y" * (64 << 20)]

    def downloader(timeout):
        def download(url, file, pooch, check_only):
            for start in range(0, len(sent[0]), 1 << 16):
                file.write(sent[0][start : start + (1 << 16)])
            file.flush()

        return download

    monkeypatch.setattr("pooch.HTTPDownloader", downloader)
    with pytest.raises(TorchbookError, match="larger than the official file"):
        fetch(remote, folder="set")
    (left,) = (file for file in (own_home / "downloads" / "set").iterdir() if file.suffix == ".part")
    assert left.stat().st_size <= 1 << 16
    sent[0] = right
    file, notes = fetch(remote, folder="set")
    assert file.read_bytes() == right and notes == []
    # The wrapper may be another one; what is inside is not, and no more of it is unpacked than there should be.
    md5 = hashlib.md5(b"the content").hexdigest()
    again = Remote("again", ("http://mirror/",), 1, 11, "0" * 32, md5)
    for content, fits in ((wanted, True), (gzip.compress(b"\0" * (64 << 20))[:900], False), (b"\x1f\x8b", False)):
        sent[0] = content
        if fits:
            assert fetch(again, folder="set")[0].read_bytes() == content
            (own_home / "downloads" / "set" / "again").unlink()
        else:
            with pytest.raises(TorchbookError, match="not that of the official file"):
                fetch(again, folder="set")
