"""Which column is meant, which one is to be predicted."""

import pytest
import torch

from torchbook.data.tables.columns import recognise
from torchbook.data.tables.target import choose_target, find_column, labels, recognise_target
from torchbook.errors import TorchbookError


def test_columns_are_found_as_people_write_them():
    names = ["GRE score", "gpa", "column 3"]
    assert find_column(names, "gre score") == "GRE score"
    assert find_column(names, " GPA ") == "gpa"
    assert find_column(names, "3") == "column 3"
    with pytest.raises(TorchbookError, match=r"no target 'gpx' in the table; did you mean 'gpa'\?"):
        find_column(names, "gpx", what="target")
    with pytest.raises(TorchbookError, match="there are 'GRE score', 'gpa', 'column 3'"):
        find_column(names, "zzz")


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (["admit", "gre", "gpa"], "admit"),
        (["x", "y", "colour"], "colour"),
        (["x", "y"], "y"),
        (["x", "Label", "y"], "Label"),
        (["a", "b"], "b"),
    ],
)
def test_the_target_is_the_column_that_is_called_so_or_the_last(names, target):
    assert choose_target(names)[0] == target


def test_labels_are_places_in_the_classes():
    column = recognise("size", ["M", "s", "", "L", "S"])
    goal = recognise_target(column, given=False)
    assert goal["classes"] == ["s", "m", "l"]
    assert labels(goal, column).tolist() == [1, 0, -1, 2, 0]
    column = recognise("price", ["1.5", "", "3", "4.5"])
    found = labels(recognise_target(column, given=False), column)
    assert found.dtype == torch.float32 and found.shape == (4, 1) and found[2].item() == 3


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (["a", "a", ""], "one value in every row"),
        (["", ""], "one value in every row"),
        (["2024-01-01", "2024-01-02"], "cannot be predicted: dates"),
        ([f"name {i}" for i in range(30)], "cannot be predicted: nearly every row"),
    ],
)
def test_what_cannot_be_learned_is_refused(cells, says):
    with pytest.raises(TorchbookError, match=says):
        recognise_target(recognise("t", cells), given=False)


@pytest.mark.parametrize(
    ("cells", "classes", "left_out"),
    [
        # Nothing can be an answer: it is one where it is no rarer than the others, and always beside its counterpart.
        (["none", "mild", "severe"] * 8, ["mild", "none", "severe"], 0),
        (["+", "-"] * 8 + ["+"] * 9, ["+", "-"], 0),
        (["positive", "None", ""] * 8, ["None", "positive"], 8),
        (["none", *["mild", "severe"] * 8], ["mild", "severe"], 1),
        (["?", "a", "b"] * 8, ["a", "b"], 8),
        (["NA", "a", "b", ""] * 8, ["a", "b"], 16),
        (["none", "low", "high", "medium"] * 8, ["none", "low", "medium", "high"], 0),
    ],
)
def test_words_for_nothing_can_be_classes(cells, classes, left_out):
    column = recognise("t", cells)
    goal = recognise_target(column, given=False)
    found = labels(goal, column).tolist()
    assert (goal["classes"], found.count(-1)) == (classes, left_out)
    assert all(label == -1 or classes[label] == cell for label, cell in zip(found, cells))


def test_a_person_makes_every_word_a_class():
    cells = ["NA", "EU", "AS", "?", ""] * 8
    for wanted in (None, "categorical"):
        column = recognise("continent", cells, wanted=wanted)
        goal = recognise_target(column, given=wanted is not None)
        assert goal["classes"] == (["?", "AS", "EU", "NA"] if wanted else ["AS", "EU"])
    column = recognise("continent", ["NA", "EU"] * 8, wanted="categorical")
    assert recognise_target(column, given=True)["classes"] == ["EU", "NA"]
    column = recognise("pain", ["None", "mild", "NA"] * 8, wanted="ordinal: none < mild < severe")
    goal = recognise_target(column, given=True)
    assert (goal["classes"], labels(goal, column).tolist()) == (["none", "mild"], [0, 1, -1] * 8)
    # Of numbers the word is still no class: 3, 4 and 5 become classes without it.
    column = recognise("grade", ["3", "4", "5", "NA"] * 8, wanted="categorical")
    assert recognise_target(column, given=True)["classes"] == ["3", "4", "5"]


def test_one_class_beside_words_for_nothing_says_how_to_keep_them():
    with pytest.raises(TorchbookError, match=r"besides 'NA' in 8 rows; say kinds=.*categorical"):
        recognise_target(recognise("t", ["yes", "NA"] * 8), given=False)
