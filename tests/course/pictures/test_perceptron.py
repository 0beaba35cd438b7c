"""The line that learns from its mistakes: each correction is that of the library's rule, and a cycle is a cycle."""

import pytest
import torch

from torchbook.course.pictures.perceptron import Perceptron
from torchbook.errors import TorchbookError

CORNERS = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def corrected(points, labels, state, rate, count):
    """The weights after so many corrections of the algorithm, point by point in float64, and whether it had ended."""
    rows, state, done, right, number = points.double(), torch.tensor(state).double(), 0, 0, 0
    rows = torch.cat([rows, torch.ones(len(rows), 1)], dim=1)
    while done < count and right < len(rows):
        row, label = rows[number % len(rows)], int(labels[number % len(rows)])
        wrong = label - int(row @ state >= 0)
        state = state + rate * wrong * row
        done, right, number = done + abs(wrong), 0 if wrong else right + 1, number + 1
    return state.tolist()


@pytest.mark.parametrize("rate", [1.0, 0.25])
def test_each_correction_is_that_of_the_algorithm(rate):
    points = (4 * torch.randn(30, 2, generator=torch.Generator().manual_seed(1))).round() / 4
    labels = (points @ torch.tensor([2.0, -1.0]) >= 0.6).long()
    picture = Perceptron({"points": (points, labels)}, start=(1, 1, 0.5), rate=rate)
    for step, state in enumerate(picture.states):
        assert state == pytest.approx(corrected(points, labels, [1.0, 1.0, 0.5], rate, step))
    picture.step = len(picture.rows)
    assert len(picture.rows) > 5 and picture.wrong == 0 and picture.cycle is None


def test_xor_comes_back_to_where_it_was():
    picture = Perceptron({"AND": (CORNERS, [0, 0, 0, 1]), "XOR": (CORNERS, [0, 1, 1, 0])}, rate=0.5)
    assert picture.cycle is None
    picture.chosen = "XOR"
    first, length = picture.cycle
    assert picture.states[first : first + length] == picture.states[first + length : first + 2 * length]
    assert picture.rows[first : first + length] == picture.rows[first + length : first + 2 * length]
    assert all(picture._wrong(state) for state in picture.states)


def test_a_click_moves_the_line_by_the_rate_times_the_point():
    picture = Perceptron({"AND": (CORNERS, [0, 0, 0, 1])}, start=(1, 1, 0), rate=0.5)
    picture.set_state({"clicks": [2], "step": 1})
    assert picture.rows[0] == 2 and picture.state == [0.5, 1.0, -0.5]
    assert "3 of them on the wrong side" not in picture.alternative and "0.5 and 1" in picture.alternative
    picture.set_state({"clicks": [3], "step": 1})  # this point is right
    assert picture.rows[0] != 3


def test_its_still_rings_the_points_that_are_wrong():
    picture = Perceptron({"OR": (CORNERS, [0, 1, 1, 1])})
    assert picture.still().count('r="13"') == 1 and picture.alternative in picture.still()


def test_a_label_is_needed_for_each_point():
    for labels in ([0, 1, 1], [0, 1, 1, 2]):
        with pytest.raises(TorchbookError, match="expected a label, 0 or 1, for each of 4 points"):
            Perceptron({"OR": (CORNERS, labels)})
