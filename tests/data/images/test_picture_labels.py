"""Labels of pictures from a table beside them or from their names: the same pictures, whichever way they are said."""

import csv
import io
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from torchbook.data import load
from torchbook.data.images.folder import load_folder
from torchbook.data.load import load_images
from torchbook.errors import TorchbookError


def picture(number, size=8):
    """The bytes of a PNG whose first pixel tells its number."""
    values = np.random.default_rng(number).integers(0, 256, (size, size), np.uint8)
    values[0, 0] = number
    file = io.BytesIO()
    Image.fromarray(values).save(file, "PNG")
    return file.getvalue()


def written(folder, pictures, **tables):
    """A folder of pictures by name (with their number) and of tables by name, `__` for a slash and `_csv` behind."""
    for name, number in pictures.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(picture(number))
    for name, rows in tables.items():
        place = folder / (name.replace("__", "/") + ".csv")
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


def labelled(dataset):
    """The label of each picture by its number, and the split it is in."""
    return {
        int(example[0, 0, 0]): (name, label)
        for name in ("train", "valid", "test")
        for example, label in zip(getattr(dataset, name).inputs, getattr(dataset, name).labels)
    }


FORMS = {
    "name": lambda number: f"{number:03}.png",
    "stem": lambda number: f"{number:03}",
    "path": lambda number: f"pictures/{number:03}.png",
    "another path": lambda number: f"/home/someone/data/{number:03}.png",
    "backslashes": lambda number: f"pictures\\{number:03}.PNG",
    "number": str,
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    form=st.sampled_from(sorted(FORMS)),
    labels=st.lists(st.sampled_from(["ant", "bee", "cat"]), min_size=12, max_size=40),
    packed=st.booleans(),
)
def test_every_picture_gets_the_label_of_its_row(tmp_path_factory, form, labels, packed):
    if len(set(labels)) < 2:
        return
    pictures = {f"pictures/{number:03}.png": number for number in range(len(labels))}
    rows = [["file", "animal"], *([FORMS[form](number), label] for number, label in enumerate(labels))]
    np.random.default_rng(0).shuffle(rows[1:])
    folder = written(tmp_path_factory.mktemp("set") / "set", pictures, labels=rows)
    if packed:
        archive = folder.with_suffix(".zip")
        with zipfile.ZipFile(archive, "w") as opened:
            for file in folder.rglob("*.*"):
                opened.write(file, file.relative_to(folder).as_posix())
        folder = archive
    dataset = load_folder(folder)
    assert {number: dataset.card.classes[label] for number, (_, label) in labelled(dataset).items()} == dict(
        enumerate(labels)
    )


def test_kaggles_layout_leaves_out_what_has_no_label(tmp_path):
    pictures = {f"train/a{i}.png": i for i in range(20)} | {f"test/b{i}.png": 100 + i for i in range(5)}
    train = [["id", "label"], *([f"a{i}", "xy"[i % 2]] for i in range(20))]
    submission = [["id", "label"], *([f"b{i}", "x"] for i in range(5))]
    dataset = load_folder(written(tmp_path, pictures, train=train, sample_submission=submission))
    assert sorted(labelled(dataset)) == list(range(20))
    assert dataset.card.extra["left_out"]["no label"] == [f"test/b{i}.png" for i in range(5)]


def test_a_table_for_each_split_and_folders_of_splits_say_the_split(tmp_path):
    names = {split: [f"{split}/{i}.png" for i in range(10)] for split in ("train", "valid", "test")}
    pictures = {name: 50 * k + i for k, part in enumerate(names.values()) for i, name in enumerate(part)}
    tables = {
        f"{split}___classes": [["filename", "cat", "dog"], *([f"{i}.png", i % 2, 1] for i in range(10))]
        for split in names
    }
    each = load_folder(written(tmp_path / "each", pictures, **tables))
    rows = [["filename", "cat", "dog"], *([name, number % 2, 1] for name, number in pictures.items())]
    one = load_folder(written(tmp_path / "one", pictures, labels=rows))
    for dataset in (each, one):
        assert (dataset.card.task, dataset.card.classes) == ("multilabel", ("cat", "dog"))
        assert {name: split for name, (split, _) in labelled(dataset).items()} == {
            number: name.split("/")[0] for name, number in pictures.items()
        }
        assert all(label.tolist() == [number % 2, 1] for number, (_, label) in labelled(dataset).items())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("split", {0: "train", 1: "val", 2: "test"}),
        ("Usage", {0: "Training", 1: "PublicTest", 2: "PrivateTest"}),
        ("set", {0: "TRAIN", 1: "validation", 2: "Test"}),
    ],
)
def test_a_column_says_the_split(tmp_path, name, words):
    pictures = {f"p/{i}.png": i for i in range(30)}
    rows = [["file", name, "label"], *([f"{i}.png", words[i % 3], "ab"[i // 3 % 2]] for i in range(30))]
    dataset = load_folder(written(tmp_path, pictures, labels=rows))
    assert {number: ("train", "valid", "test").index(split) for number, (split, _) in labelled(dataset).items()} == {
        number: number % 3 for number in range(30)
    }


@pytest.mark.parametrize("mark", [" ", "|", ";", ", "])
def test_several_tags_are_one_output_each(tmp_path, mark):
    words = [["sea"], ["sea", "sun"], ["sun"], ["hill", "sun"], ["hill", "sea", "sun"], []]
    pictures = {f"p/{i}.png": i for i in range(36)}
    rows = [["file", "tags"], *([f"{i}.png", mark.join(words[i % 6])] for i in range(36))]
    dataset = load_folder(written(tmp_path, pictures, labels=rows))
    assert (dataset.card.task, dataset.card.classes) == ("multilabel", ("hill", "sea", "sun"))
    for number, (_, label) in labelled(dataset).items():
        assert [dataset.card.classes[k] for k in label.nonzero().flatten()] == words[number % 6]
    whole = load_folder(tmp_path, kinds={"tags": "categorical"})
    assert (whole.card.task, len(whole.card.classes)) == ("classification", 5)


def test_names_of_two_words_are_no_tags(tmp_path):
    pictures = {f"p/{i}.png": i for i in range(30)}
    breeds = ["golden retriever", "german shepherd", "beagle"]
    rows = [["file", "breed"], *([f"{i}.png", breeds[i % 3]] for i in range(30))]
    dataset = load_folder(written(tmp_path, pictures, labels=rows))
    assert (dataset.card.task, set(dataset.card.classes)) == ("classification", set(breeds))


def test_boxes_of_one_picture_are_its_tags(tmp_path):
    pictures = {f"p/{i}.png": i for i in range(20)}
    rows = [["image", "xmin", "class"]]
    rows += [[f"{i}.png", 3 * k, name] for i in range(20) for k, name in enumerate(["car", "bus"][: 1 + i % 2])]
    dataset = load_folder(written(tmp_path, pictures, boxes=rows), target="class")
    assert dataset.card.classes == ("bus", "car")
    assert all(label.tolist() == [number % 2, 1] for number, (_, label) in labelled(dataset).items())


def test_numbers_are_quantities_and_a_picture_without_one_is_left_out(tmp_path):
    pictures = {f"p/{i}.png": i for i in range(30)}
    rows = [["file", "age"], *([f"{i}.png", "" if i == 7 else f"{i}.5"] for i in range(30))]
    dataset = load_folder(written(tmp_path, pictures, ages=rows))
    assert (dataset.card.task, dataset.card.targets) == ("regression", ("age",))
    assert {number: label.item() for number, (_, label) in labelled(dataset).items()} == {
        number: number + 0.5 for number in range(30) if number != 7
    }
    assert dataset.card.extra["left_out"]["no label"] == ["p/7.png"]


def test_indicators_that_add_up_to_one_are_classes(tmp_path):
    pictures = {f"p/{i}.png": i for i in range(20)}
    rows = [["id", "healthy", "rust"], *([i, i % 2, 1 - i % 2] for i in range(20))]
    dataset = load_folder(written(tmp_path, pictures, labels=rows))
    assert (dataset.card.task, dataset.card.classes) == ("classification", ("healthy", "rust"))
    assert all(label == 1 - number % 2 for number, (_, label) in labelled(dataset).items())


def test_class_folders_come_before_a_table_unless_it_is_asked_for(tmp_path):
    pictures = {f"{'ab'[i % 2]}/{i}.png": i for i in range(20)}
    rows = [["file", "age"], *([f"{i}.png", f"{i}.5"] for i in range(20))]
    folder = written(tmp_path, pictures, ages=rows)
    assert load_folder(folder).card.classes == ("a", "b")
    assert load_folder(folder, labels="ages.csv").card.targets == ("age",)
    assert load_folder(folder, target="age").card.targets == ("age",)
    with pytest.raises(TorchbookError, match=r"no table 'agos\.csv'; did you mean 'ages\.csv'"):
        load_folder(folder, labels="agos.csv")


@pytest.mark.parametrize("form", ["{}.{}", "{}_{}", "{}-{}", "{} ({})", "{}{}", "train/{}.{}"])
def test_classes_are_the_words_that_files_are_called_by(tmp_path, form):
    pictures = {form.format(("cat", "maine coon")[i % 2], i) + ".png": i for i in range(20)}
    dataset = load_folder(written(tmp_path, pictures))
    assert dataset.card.classes == ("cat", "maine coon")
    assert all(label == number % 2 for number, (_, label) in labelled(dataset).items())


@pytest.mark.parametrize("names", [("IMG_{}", "DSC_{}"), ("face_{}",), ("{}",)])
def test_names_of_a_camera_are_no_classes_and_pictures_without_any_have_no_labels(tmp_path, names):
    pictures = {f"{names[i % len(names)].format(i)}.png": i for i in range(20)}
    dataset = load_folder(written(tmp_path, pictures))
    assert dataset.card.task == "generation" and all(split.labels is None for split in dataset)
    assert load_images(str(tmp_path), tasks=()).card.task == "generation"
    with pytest.raises(TorchbookError, match=r"CSV file that names the pictures .* torchbook train dcgan --data"):
        load_images(str(tmp_path))


def test_folders_that_differ_by_capitals_are_one_class(tmp_path):
    pictures = {f"{('Circle', 'circle', 'Square')[i % 3]}/{i}.png": i for i in range(30)}
    dataset = load_folder(written(tmp_path, pictures))
    assert len(dataset.card.classes) == 2
    assert any("differ by capitals" in note for note in dataset.card.notes)


def test_pictures_and_masks_are_wondered_about(tmp_path):
    from torchbook.data.card.inspection import inspect

    masks = {f"images/{i}.png": i for i in range(20)} | {f"masks/{i}_mask.png": 100 + i for i in range(20)}
    (found,) = [finding for finding in inspect(load(written(tmp_path / "a", masks))) if "masks" in finding.text]
    assert "files of the same names" in found.text
    animals = {f"cat/{i}.png": i for i in range(20)} | {f"dog/{i}.png": 100 + i for i in range(20)}
    assert not any("same names" in finding.text for finding in inspect(load(written(tmp_path / "b", animals))))


def test_a_table_that_names_nothing_here_is_refused_when_it_is_asked_for(tmp_path):
    folder = written(tmp_path, {f"{i}.png": i for i in range(9)}, other=[["a", "b"], ["x", "y"], ["z", "w"]])
    with pytest.raises(TorchbookError, match=r"no column names the pictures, such as 0\.png"):
        load_folder(folder, labels="other.csv")
    assert torch.equal(load_folder(folder).train.inputs, load_folder(folder).train.inputs)
