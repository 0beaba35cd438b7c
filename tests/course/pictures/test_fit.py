"""Points that the reader sets: which of them are learned from, and what is said and drawn of a training with them."""

import pytest
import torch

from torchbook.course.pictures.fit import Fit
from torchbook.course.pictures.recording import Recording
from torchbook.errors import TorchbookError

X, Y, HELD = [0.0, 0.5, 1.0, 1.5], [1.0, 2.0, -1.0, 0.0], [False, True, False, True]


def shown(**changes):
    fit = Fit((X, Y), held=HELD, view=(-1, 2, -2, 3))
    fit.set_state(changes)
    recording = Recording()
    for epoch, (training, validation) in enumerate(((2.0, 1.0), (1.0, 0.5), (0.25, 3.0))):
        recording.add(step=5 * epoch, training_loss=training, validation_loss=validation, curve=epoch + fit.grid[:, 0])
    fit.show(recording)
    return fit


def test_points_are_divided_as_they_stand():
    fit = Fit((X, Y), held=torch.tensor(HELD), view=(-1, 2, -2, 3))
    assert [each.tolist() for each in fit.training] == [[[0.0], [1.0]], [[1.0], [-1.0]]]
    assert [each.tolist() for each in fit.validation] == [[[0.5], [1.5]], [[2.0], [0.0]]]
    fit.set_state({"points": [[0.25, 0.5, 1.0, 1.5], Y, [0, 1, 0, 0]]})
    assert fit.training[0].flatten().tolist() == [0.25, 1.0, 1.5] and fit.validation[1].tolist() == [[2.0]]


def test_the_words_follow_the_training_and_the_points():
    assert "4 points" in shown().alternative and "training loss 0.25, validation loss 3" in shown().alternative
    assert "3 points" in shown(points=[X[:3], Y[:3], [0, 1, 0]]).alternative


def test_its_still_shows_the_last_curve_the_points_and_both_losses():
    fit = shown()
    drawing = fit.still()
    assert drawing.count("<circle") == 2 + 1 and drawing.count('width="12" height="12"') == 2
    assert fit.grid.shape == (121, 1) and fit.grid[[0, -1], 0].tolist() == [-1, 2]
    assert "dashed: validation loss" in drawing and "powers of ten" not in drawing and fit.alternative in drawing


@pytest.mark.parametrize("held", [[False, False, False, False], [True, True, True, False], [False, True, False]])
def test_points_to_learn_from_and_one_to_validate_with_are_needed(held):
    with pytest.raises(TorchbookError, match="two points to learn from and one more"):
        Fit((X, Y), held=held, view=(-1, 2, -2, 3))
