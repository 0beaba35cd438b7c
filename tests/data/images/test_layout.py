"""What names say: splits, classes, and folders around the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchbook.data.images.layout import classes_of, layout
from torchbook.errors import TorchbookError


@pytest.mark.parametrize(
    ("names", "places"),
    [
        (["cat/1", "dog/2"], [("", "cat"), ("", "dog")]),
        (["pets/all/cat/1", "pets/all/dog/2"], [("", "cat"), ("", "dog")]),
        (["train/cat/1", "test/dog/2", "val/dog/3"], [("train", "cat"), ("test", "dog"), ("valid", "dog")]),
        (["x/Training/cat/1", "x/TESTING/dog/2"], [("train", "cat"), ("test", "dog")]),
        (["train/cat/1", "train/dog/2"], [("", "cat"), ("", "dog")]),
        (["cat/persian/1", "cat/2", "dog/3"], [("", "cat"), ("", "cat"), ("", "dog")]),
        # A class may be called "train".
        (["train/1", "car/2", "bus/3"], [("", "train"), ("", "car"), ("", "bus")]),
        (["train/steam/1", "car/2"], [("", "train"), ("", "car")]),
        # Images without a class folder are of no use, in a split or above.
        (["train/cat/1", "train/2", "test/3"], [("train", "cat"), None, None]),
        (["cat/1", "dog/2", "3"], [("", "cat"), ("", "dog"), None]),
        (["train/cat/1", "test/cat/2", "spare/cat/3"], [("train", "cat"), ("test", "cat"), None]),
        # Zips that are made on Windows.
        (["cat\\1", "dog\\2"], [("", "cat"), ("", "dog")]),
        # What cannot be printed is written out, so that two such classes stay two.
        (["ca\nt/1", "\udcff/2", "\udcfe/3"], [("", "ca\\nt"), ("", "\\udcff"), ("", "\\udcfe")]),
        # A folder of the archive's own name within it, and words beside that of the split.
        (
            ["x/training_set/training_set/cat/1", "x/test_set/test_set/dog/2"],
            [("train", "cat"), ("test", "dog")],
        ),
        (
            ["seg_train/seg_train/sea/1", "seg_test/seg_test/sea/2", "seg_pred/seg_pred/3"],
            [("train", "sea"), ("test", "sea"), None],
        ),
        (["TrainImages/a/1", "val-data/a/2", "test1/a/3"], [("train", "a"), ("valid", "a"), ("test", "a")]),
        (
            ["trainset/train/1", "trainset/car/2", "testset/train/3"],
            [("train", "train"), ("train", "car"), ("test", "train")],
        ),
        # Something lies beside the folder of the splits.
        (
            ["x/data/train/cat/1", "x/data/test/cat/2", "x/data/test/dog/3", "x/docs/4", "5"],
            [("train", "cat"), ("test", "cat"), ("test", "dog"), None, None],
        ),
        (["dog/train/big/1", "dog/test/big/2", "cat/3", "cat/4"], [("", "dog"), ("", "dog"), ("", "cat"), ("", "cat")]),
        (
            ["a/train/x/1", "a/test/x/2", "b/train/x/3", "b/test/x/4"],
            [("", "a"), ("", "a"), ("", "b"), ("", "b")],
        ),
        # Words of splits in the names of classes.
        (["training/1", "walking/2"], [("", "training"), ("", "walking")]),
        (["test/mouse/1", "control/mouse/2"], [("", "test"), ("", "control")]),
        (["train_station/old/1", "test_tube/2"], [("", "train_station"), ("", "test_tube")]),
        (
            ["strength_training/a/1", "blood_test/a/2", "rest/3"],
            [("", "strength_training"), ("", "blood_test"), ("", "rest")],
        ),
        (["valid/a/1", "invalid/a/2"], [("", "valid"), ("", "invalid")]),
        (["train_1/a/1", "train_2/a/2"], [("", "train_1"), ("", "train_2")]),
        (["train_test/a/1", "test/a/2"], [("", "train_test"), ("", "test")]),
    ],
)
def test_names_give_splits_and_classes(names, places):
    assert layout(names).places == places


@pytest.mark.parametrize(
    ("names", "again"),
    [
        (["x/cat/1", "x/dog/2", "x/x/cat/1", "x/x/dog/2"], {"x"}),
        (["train/cat/1", "train/dog/2", "train/x/cat/1", "train/x/dog/2", "test/cat/3"], {"x"}),
        (["cat/1", "dog/2", "x/cat/1"], set()),
        (["cat/1", "dog/2", "x/cat/1", "x/dog/2", "x/3"], set()),
        (["cat/1", "dog/cat/2"], set()),
    ],
)
def test_a_folder_that_holds_the_other_classes_again_is_told(names, again):
    assert layout(names).again == again


@given(
    names=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), min_size=2, max_size=9),
    around=st.lists(st.sampled_from(["pets", "train", "data"]), max_size=3),
)
def test_folders_around_everything_change_nothing(names, around):
    plain = [f"{folder}/{file}" for folder, file in names]
    wrapped = ["/".join([*around, name]) for name in plain]
    assert layout(wrapped).places == layout(plain).places


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["cat/1", "cat/2"], "only the class 'cat'"),
        (["1", "2"], "no class folder"),
        (["train/1", "test/2"], "hold no class folders"),
        (["train/cat.1", "test1/2"], "hold no class folders"),
        (["train/cat/1", "test/dog/1"], "only the class 'cat'"),
    ],
)
def test_fewer_than_two_classes_are_refused(names, message, tmp_path):
    with pytest.raises(TorchbookError, match=message):
        classes_of(tmp_path, layout(names), range(len(names)))


def test_classes_may_be_called_like_splits_that_do_not_belong_together(tmp_path):
    for names in (["arm_test/1", "leg_training/2"], ["train_1/1", "train_2/2"], ["training/1", "walking/2"]):
        assert len(classes_of(tmp_path, layout(names), range(2))) == 2


def test_classes_are_sorted_and_those_of_the_training_images(tmp_path):
    found = layout(["train/dog/1", "train/cat/2", "test/ant/3"])
    assert list(classes_of(tmp_path, found, range(3)).items()) == [("cat", 0), ("dog", 1)]
