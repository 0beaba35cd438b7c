"""Which column is meant, which one is to be predicted."""

import pytest
import torch

from torchbook.data.columns import recognise
from torchbook.data.target import choose_target, find_column, labels, recognise_target
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
    goal = recognise_target(column, said=False)
    assert goal["classes"] == ["s", "m", "l"]
    assert labels(goal, column).tolist() == [1, 0, -1, 2, 0]
    column = recognise("price", ["1.5", "", "3", "4.5"])
    found = labels(recognise_target(column, said=False), column)
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
        recognise_target(recognise("t", cells), said=False)
