"""A person's folder or zip of images becomes a data set, and every file is in a split or named."""

import io
import os
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from torchbook.data.images.folder import load_folder
from torchbook.data.images.folder_notes import few_photographs
from torchbook.data.load import load_images
from torchbook.errors import TorchbookError


def picture(kind, seed=0, size=(9, 8)):
    """The bytes of a file of some kind, a different picture for each seed."""
    generator = np.random.default_rng(seed)
    bands = {"grey": (), "alpha": (4,), "deep": ()}.get(kind, (3,))
    values = generator.integers(0, 256, (size[1], size[0], *bands), np.uint8)
    if kind == "deep":
        values = values.astype(np.uint16) * 16
    if kind == "one colour":
        values[:] = values[0, 0]
    file = io.BytesIO()
    form = {"jpeg": "JPEG", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP"}.get(kind, "PNG")
    Image.fromarray(values).save(file, form)
    content = file.getvalue()
    if kind == "damaged":
        return content[: len(content) // 2]
    return {"text": b"not an image", "empty": b""}.get(kind, content)


GOOD = ("colour", "grey", "alpha", "deep", "jpeg", "gif", "bmp", "tiff", "webp", "one colour")
BAD = ("damaged", "text", "empty")


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def left_out(dataset):
    return [name for names in dataset.card.extra["left_out"].values() for name in names]


@st.composite
def folders(draw):
    """Files by name: class folders with or without splits, nested, with all kinds of content."""
    splits = draw(
        st.sampled_from([("",), ("", "set/"), ("train/", "test/"), ("train/", "val/", "test/"), ("x/train/",)])
    )
    files = {}
    for number in range(draw(st.integers(0, 12))):
        place = draw(st.sampled_from([*splits, *splits, *splits, ""]))
        inner = draw(st.sampled_from(["ant/", "bee/", "cat/", "bee/deep/", ""]))
        kind = draw(st.sampled_from([*GOOD, *BAD]))
        hidden = draw(st.sampled_from(["", "", "", "."]))
        ending = draw(st.sampled_from(["png", "jpg", "txt"]))
        seed = draw(st.integers(0, 3)) if draw(st.booleans()) else number + 10
        size = draw(st.sampled_from([(9, 8), (9, 8), (5, 30)]))
        files[f"{place}{inner}{hidden}{number}.{ending}"] = picture(kind, seed, size)
    return files


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=folders(), seed=st.integers(0, 2))
def test_every_file_is_in_a_split_or_named_and_a_zip_is_the_same(tmp_path_factory, files, seed):
    place = tmp_path_factory.mktemp("files")
    folder = write(place / "set", files)
    folder.mkdir(exist_ok=True)
    archive = zipped(place / "set.zip", files)
    try:
        dataset = load_folder(folder, seed=seed)
    except TorchbookError as error:
        assert "\n" not in str(error)
        with pytest.raises(TorchbookError):
            load_folder(archive, seed=seed)
        return
    alone = [
        split for split in ("valid", "test") if not any(f"few images for a {split}" in n for n in dataset.card.notes)
    ]
    held = len(dataset.train) + sum(len(getattr(dataset, split)) for split in alone)
    assert held + len(left_out(dataset)) == len(files)
    assert set(left_out(dataset)) <= set(files)
    # What is left out is told in words too.
    for reason, names in dataset.card.extra["left_out"].items():
        assert any(note.startswith("Left out") and f"{len(names):,} file" in note for note in dataset.card.notes), (
            reason
        )
    assert list(dataset.card.classes) == sorted(dataset.card.classes)
    for split in dataset:
        assert len(split) > 0
        assert split.inputs.dtype == torch.uint8
        assert (dataset.card.task == "generation") == (split.labels is None)
        assert split.labels is None or split.labels.max() < len(dataset.card.classes)
    twin = load_folder(archive, seed=seed)
    assert twin.card.extra == dataset.card.extra
    for one, other in zip(dataset, twin):
        assert torch.equal(one.inputs, other.inputs)
        assert one.labels is other.labels is None or torch.equal(one.labels, other.labels)


def test_the_pixels_and_labels_are_those_of_the_files(tmp_path):
    files = {f"{name}/{i}.png": picture("colour", 100 * c + i) for c, name in enumerate("abc") for i in range(20)}
    dataset = load_folder(write(tmp_path / "set", files))
    assert [len(split) for split in dataset] == [42, 9, 9]
    assert all(torch.bincount(split.labels).tolist() == [len(split) // 3] * 3 for split in dataset)
    originals = {
        np.asarray(Image.open(io.BytesIO(content))).transpose(2, 0, 1).tobytes(): name[0]
        for name, content in files.items()
    }
    found = Counter()
    for split in dataset:
        for image, label in zip(split.inputs, split.labels):
            name = originals[image.numpy().tobytes()]
            assert dataset.card.classes[label] == name
            found[image.numpy().tobytes()] += 1
    assert found == Counter(originals.keys())
    every = dataset.train.inputs.double() / 255
    assert dataset.card.mean == pytest.approx(every.mean((0, 2, 3)).tolist())
    assert dataset.card.std == pytest.approx(every.std((0, 2, 3), correction=0).tolist())
    # Pictures of 9 x 8 pixels are too small to be moved by 4.
    assert dataset.card.augment == ("flip",)


def test_splits_that_the_folders_give_are_kept(tmp_path):
    sizes = {"train": 20, "test": 5, "valid": 4}
    names = [f"{split}/{c}/{i}.bmp" for split, count in sizes.items() for c in "ab" for i in range(count)]
    files = {name: picture("bmp", seed) for seed, name in enumerate(names)}
    dataset = load_folder(write(tmp_path, files))
    assert [len(split) for split in dataset] == [40, 8, 10]
    assert not any("drawn" in note for note in dataset.card.notes)
    # The valid folder goes: a tenth of train is drawn, and test stays as it is.
    files = {name: content for name, content in files.items() if not name.startswith("valid")}
    second = load_folder(zipped(tmp_path / "two.zip", files), seed=3)
    assert [len(split) for split in second] == [36, 4, 10]
    assert torch.equal(second.test.inputs, dataset.test.inputs)
    assert not torch.equal(second.valid.inputs, load_folder(tmp_path / "two.zip", seed=4).valid.inputs)


def notes_of(tmp_path, files, **options):
    dataset = load_folder(write(tmp_path / "set", files), **options)
    return dataset, "\n".join(dataset.card.notes)


def pairs(kind="colour", count=4, **options):
    return {f"{c}/{i}.png": picture(kind, 50 * ord(c) + i, **options) for c in "ab" for i in range(count)}


def test_grey_images_keep_one_channel_and_a_mixture_is_rgb(tmp_path):
    grey, _ = notes_of(tmp_path, pairs("grey"))
    assert (grey.sample_shape, grey.card.augment) == ((1, 8, 9), ())
    mixed, notes = notes_of(tmp_path, {"a/x.png": picture("colour", 1)})
    assert mixed.sample_shape == (3, 8, 9)
    assert "8 grey images among 1 in colour became RGB." in notes


def test_what_is_converted_is_told(tmp_path):
    files = pairs("colour", size=(40, 30)) | {"a/x.png": picture("alpha", 1), "b/y.png": picture("deep", 2)}
    dataset, notes = notes_of(tmp_path, files | {"b/deep/er/z.png": picture("colour", 3)})
    assert dataset.sample_shape == (3, 24, 24)
    assert (
        "Images of 9 x 8 to 40 x 30 pixels were scaled to cover 24 x 24 and cropped at the centre; image_size" in notes
    )
    assert "1 image with an alpha channel: laid over white (over black what is white itself)." in notes
    assert "1 image with values of 0 to 4,095 reduced to 0 to 255." in notes
    assert "1 image in deeper folders" in notes
    assert load_folder(tmp_path / "set", image_size=16).sample_shape == (3, 16, 16)


def test_copies_across_the_splits_are_named_and_never_drawn_apart(tmp_path):
    files = {f"train/{c}/{i}.png": picture("colour", 9 * ord(c) + i) for c in "ab" for i in range(5)}
    files |= {f"test/{c}/{i}.png": picture("colour", 9 * ord(c) + i + 4) for c in "ab" for i in range(3)}
    dataset, notes = notes_of(tmp_path, files)
    across = dataset.card.extra["duplicates"]["across"]
    assert sorted(map(sorted, across)) == [["test/a/0.png", "train/a/4.png"], ["test/b/0.png", "train/b/4.png"]]
    assert "2 images with copies in another split" in notes
    copied = {f"{c}/{i}.png": picture("colour", 9 * ord(c) + i % 6) for c in "cd" for i in range(18)}
    for seed in range(5):
        found = load_folder(write(tmp_path / "copied", copied), seed=seed)
        assert found.card.extra["duplicates"]["across"] == []
        assert len(found.card.extra["duplicates"]["within"]) == 12
        assert all(len(split) for split in found)


def test_an_archive_that_holds_everything_twice_is_read_once(tmp_path):
    files = {f"cells/{c}/{i}.png": picture("colour", 9 * ord(c) + i) for c in "ab" for i in range(6)}
    twice = files | {name.replace("cells/", "cells/cells/"): content for name, content in files.items()}
    dataset = load_folder(zipped(tmp_path / "cells.zip", twice))
    assert dataset.card.classes == ("a", "b") and sum(map(len, dataset)) == 12
    assert sorted(left_out(dataset)) == sorted(twice.keys() - files.keys())
    notes = " ".join(dataset.card.notes)
    assert "Left out as copies of those in the other class folders: 12 files" in notes and "deeper" not in notes
    # With one picture that is no copy it is a class: nothing that could be wanted is lost.
    dataset = load_folder(zipped(tmp_path / "more.zip", twice | {"cells/cells/a/new.png": picture("colour", 5)}))
    assert dataset.card.classes == ("a", "b", "cells") and left_out(dataset) == []


def test_an_image_of_two_classes_is_named(tmp_path):
    dataset, notes = notes_of(tmp_path, pairs() | {"b/x.png": picture("colour", 50 * ord("a"))})
    assert dataset.card.extra["duplicates"]["conflicting"] == [["a/0.png", "b/x.png"]]
    assert "1 image of several classes at once (a/0.png = b/x.png): one of the labels is wrong." in notes


def test_placeholders_and_small_classes_are_named(tmp_path):
    files = pairs() | {
        "a/p.png": picture("one colour", 1),
        "b/q.png": picture("one colour", 1),
        "c/1.png": picture("colour"),
    }
    dataset, notes = notes_of(tmp_path, files)
    assert dataset.card.extra["one_colour"] == ["a/p.png", "b/q.png"]
    assert dataset.card.extra["duplicates"] == {"across": [], "within": [], "conflicting": []}
    assert "2 images of one colour throughout (a/p.png, b/q.png)" in notes
    assert "1 class of one example (c)" in notes
    assert "The test split lacks 1 class (c)." in notes


def test_classes_that_only_the_test_has_are_left_out(tmp_path):
    files = {f"train/{name}": content for name, content in pairs().items()}
    files |= {"test/a/1.png": picture("colour", 1), "test/wolf/1.png": picture("colour", 2)}
    dataset, notes = notes_of(tmp_path, files)
    assert dataset.card.classes == ("a", "b")
    assert dataset.card.extra["left_out"] == {"unknown class": ["test/wolf/1.png"]}
    assert "Left out as of a class without training examples: 1 file (test/wolf/1.png)." in notes
    assert "The test split lacks 1 class (b)." in notes


def test_too_few_images_to_split_stand_in_for_the_test(tmp_path):
    dataset, notes = notes_of(tmp_path, pairs(count=1))
    assert [len(split) for split in dataset] == [2, 2, 2]
    assert "the training images stand in for it" in notes
    assert "2 classes of one example (a, b): too few to learn from." in notes
    assert dataset.card.extra["duplicates"] == {"across": [], "within": [], "conflicting": []}


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "no usable image (no files)"),
        ({"a/1.txt": b"x", "b/2.png": b"y"}, "no usable image (1 no image, 1 damaged)"),
        ({"a.csv": b"x,y", "b/2.csv": b"y"}, "it holds tables (a.csv, b/2.csv); give one of them"),
    ],
)
def test_nothing_to_look_at_is_one_line(tmp_path, files, message):
    for source in (write(tmp_path / "set", files), zipped(tmp_path / "set.zip", files)):
        source.mkdir(exist_ok=True) if source.suffix != ".zip" else None
        with pytest.raises(TorchbookError) as caught:
            load_folder(source)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a/1.png": picture("damaged"), "b/2.png": picture("colour")}, "only the class 'b'"),
        ({"a/1.png": picture("colour"), "a/2.png": picture("colour", 1)}, "only the class 'a'"),
        ({"1.png": picture("colour"), "2.png": picture("colour", 1)}, "no class folder"),
        ({"train/1.png": picture("colour"), "test/2.png": picture("colour", 1)}, "hold no class folders"),
    ],
)
def test_pictures_that_nothing_labels_have_no_labels_and_the_reason_is_told(tmp_path, files, message):
    for source in (write(tmp_path / "set", files), zipped(tmp_path / "set.zip", files)):
        dataset = load_folder(source)
        assert dataset.card.task == "generation" and all(split.labels is None for split in dataset)
        assert message in dataset.card.extra["unlabelled"]
        assert any(message in note for note in dataset.card.notes)
        with pytest.raises(TorchbookError) as caught:
            load_images(str(source))
        assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("image_size", [0, -3, 7, 5000])
def test_a_senseless_size_is_refused(tmp_path, image_size):
    with pytest.raises(TorchbookError, match=f"image_size must be 8 to 1024 pixels, got {image_size}"):
        load_folder(tmp_path, image_size=image_size)


def test_an_encrypted_or_corrupt_entry_is_left_out(tmp_path):
    content = bytearray(zipped(tmp_path / "a.zip", pairs("bmp")).read_bytes())
    first, second = (content.index(name) for name in (b"a/0.png", b"a/1.png"))
    content[first + 60] ^= 1
    # The mark of encryption, in the entry and in the directory at the end.
    content[second - 30 + 6] |= 1
    content[content.rindex(b"a/1.png") - 46 + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    dataset = load_folder(tmp_path / "a.zip")
    assert dataset.card.extra["left_out"] == {"damaged": ["a/0.png"], "unreadable": ["a/1.png"]}
    assert "password" in dataset.card.extra["reasons"]["a/1.png"]
    assert sum(map(len, dataset)) == 6


@pytest.mark.slow
def test_sixty_thousand_images():
    path = Path(os.environ.get("TORCHBOOK_DATA", "")) / "cifar10" / "cifar10-images.zip"
    if not path.is_file():
        pytest.skip("needs cifar10/cifar10-images.zip in TORCHBOOK_DATA")
    before = psutil.Process().memory_info().rss
    for _ in range(2):
        dataset = load_folder(path)
        assert [len(split) for split in dataset] == [45_000, 5_000, 10_000]
        assert torch.bincount(dataset.test.labels).tolist() == [1000] * 10
        assert dataset.card.extra["left_out"] == {}
    assert psutil.Process().memory_info().rss - before < 600e6
    with zipfile.ZipFile(path) as archive:
        file = io.BytesIO(archive.read("test/ship/0123.jpg"))
    expected = np.asarray(Image.open(file).convert("RGB")).transpose(2, 0, 1)
    assert np.array_equal(dataset.test.inputs[8 * 1000 + 123], expected)


def test_val_can_be_the_test_set_where_there_is_none(tmp_path):
    files = {
        f"{split}/{c}/{i}.png": picture("colour", 40 * (split == "val") + 20 * (c == "b") + i)
        for split in ("train", "val")
        for c in "ab"
        for i in range(20)
    }
    path = write(tmp_path / "set", files)
    drawn, val = load_folder(path), load_folder(path, test="val")
    assert torch.equal(drawn.valid.inputs, val.test.inputs) and len(drawn.test) == len(val.valid) == 4
    assert any("the validation images are the test set here" in note for note in val.card.notes)
    assert not any("the test set here" in note for note in drawn.card.notes)
    # Where there is a test set it stays one.
    with_test = write(
        tmp_path / "other", files | {f"test/{c}/1.png": picture("colour", 90 + i) for i, c in enumerate("ab")}
    )
    assert len(load_folder(with_test, test="val").test) == 2


def test_a_small_folder_of_photographs_is_told_what_would_serve_better(tmp_path):
    large = write(tmp_path / "large", {f"{c}/{i}.png": picture("colour", i, (140, 30)) for c in "ab" for i in range(3)})
    (note,) = few_photographs(load_folder(large))
    assert f"torchbook train finetune --data {large}" in note
    grey = {f"{c}/{i}.png": picture("grey", i, (140, 30)) for c in "ab" for i in range(3)}
    assert not list(few_photographs(load_folder(write(tmp_path / "grey", grey))))
    assert not list(few_photographs(load_folder(write(tmp_path / "small", pairs("bmp")))))
