"""Broadcasting in steps: shapes, numbers and captions as torch itself has them."""

import itertools

import pytest
import torch

from torchbook.course.pictures.broadcast import Broadcast
from torchbook.errors import TorchbookError

SHAPES = [(), (1,), (3,), (3, 1), (1, 3), (2, 3), (2, 1, 3), (2, 3, 1), (2, 2, 3), (2,), (0,)]
COLUMN, ROW = torch.arange(3).view(3, 1), torch.arange(3)


def counted(shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).view(shape)


@pytest.mark.parametrize("left, right", list(itertools.product(SHAPES, SHAPES)), ids=str)
def test_the_steps_end_where_torch_ends(left, right):
    a, b = counted(left), counted(right)
    picture = Broadcast("a - b", {"a": a, "b": b})
    stages = picture.shown["stages"]
    try:
        expected = torch.broadcast_shapes(left, right)
    except RuntimeError:
        assert picture.result is None and "An error." in stages[-1]["caption"] and not any(s["done"] for s in stages)
        return
    torch.testing.assert_close(picture.result, a - b)
    assert stages[-1]["left"] == stages[-1]["right"] == list(expected)
    assert stages[0]["left"] == list(left) and stages[0]["right"] == list(right)
    for before, after in itertools.pairwise(stages):  # one thing a step
        changed = sum(before[side] != after[side] for side in ("left", "right"))
        assert changed <= 1 and (changed or after is stages[-1])


def test_a_matrix_product_goes_row_by_column():
    a, b = counted((2, 3)), counted((3, 2))
    picture = Broadcast("a @ b", {"a": a, "b": b})
    captions = [stage["caption"] for stage in picture.shown["stages"]]
    assert captions[0] == "[2, 3] and [3, 2]: the inner sizes are both 3, and they vanish."
    assert captions[4] == f"Row 1 against column 1: 3·1 + 4·3 + 5·5 = {(a @ b)[1, 1]:g}."
    assert len(captions) == 1 + 4 and picture.shown["operations"][0]["result"]["texts"][3] == "40"
    picture.expression = "a @ a"
    assert picture.result is None and "the inner sizes, 3 and 2, differ" in picture.alternative
    picture.expression = "a @ [1, 2, 3]"
    assert "dtype" in picture.alternative and "differ. An error" not in picture.alternative


@pytest.mark.parametrize(
    "expression, word",
    [
        ("a - b", "everyone met everyone"),
        ("b == a", "everyone met everyone"),
        ("a[:, None] - b", ""),
        ("a - b[:, None]", ""),
        ("a - [1, 2]", ""),
        ("a + 1", ""),
        ("t - b", ""),
        ("t - t.mean(dim=1)", "keepdim=True"),
        ("t - t.mean(1)", "keepdim=True"),
        ("t - t.mean(dim=-1)", "keepdim=True"),
        ("t - t.mean(dim=1, keepdim=True)", ""),
        ("t - t.mean(dim=0)", ""),
        ("t - t.mean()", ""),
        ("a @ b[None]", ""),
    ],
)
def test_what_is_likely_to_be_an_accident_is_red(expression, word):
    picture = Broadcast(expression, {"a": COLUMN, "b": ROW, "t": counted((3, 3))})
    reasons = [operation["red"] for operation in picture.shown["operations"]]
    assert word in (reasons[-1] if reasons else "") and bool(word) == any(reasons)


def test_tensors_and_expressions_of_ones_own_are_typed():
    picture = Broadcast("a - b", {"a": COLUMN, "b": ROW})
    picture.typed = {"a": "torch.zeros(2, 1)", "b": "[1.5, 2]"}
    assert picture.result.tolist() == [[-1.5, -2], [-1.5, -2]] and not picture.message
    shown = picture.shown
    picture.expression = "a.__class__"
    assert "not possible here" in picture.message and picture.shown == shown
    picture.expression = "a.T"
    assert picture.alternative == "a.T gives [[0.0, 0.0]]. No two tensors meet in it." and picture.message == ""
    picture.typed = {"a": "[1, x]", "b": "[1]"}
    assert "no plain number" in picture.message
    with pytest.raises(TorchbookError, match="c is no tensor here"):
        Broadcast("a - c", {"a": COLUMN})


def test_the_words_follow_the_step():
    picture = Broadcast("(a - b).sum(dim=0)", {"a": COLUMN, "b": ROW})
    assert picture.alternative.endswith("[3, 1] and [3]. Step 1 of 7.")
    picture.step = 3
    assert picture.alternative == "a - b: Dimension 0: the 1 of b is repeated 3 times. Step 4 of 7."
    picture.step = 6
    assert "sum goes through dimension 0, of size 3. The result has the shape [3]." in picture.alternative
    picture.step = 99
    assert "Step 7 of 7" in picture.alternative


def test_its_still_has_a_cell_for_each_number_and_each_ghost():
    picture = Broadcast("a - b", {"a": COLUMN, "b": ROW})
    assert picture.still().count("<rect") == 3 + 3 and "stroke-dasharray" not in picture.still()
    picture.step = 99
    still = picture.still()
    assert still.count("<rect") == 9 + 9 + 9 and still.count("stroke-dasharray") == 6 + 6
    picture.expression = "a.T"
    assert "No two tensors meet" in picture.still()


def test_a_plain_number_is_stretched():
    picture = Broadcast("a + 1", {"a": COLUMN})
    captions = [stage["caption"] for stage in picture.shown["stages"]]
    assert captions[:2] == [
        "Line the shapes up from the right: [3, 1] and []. A single number has no dimensions.",
        "1 has fewer dimensions. 2 ones are put in front.",
    ]
    assert captions[-1] == "Number by number: the result has the shape [3, 1]."
