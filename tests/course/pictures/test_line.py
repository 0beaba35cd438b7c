"""The line that is laid by hand: its loss is that of the line as it lies, and its still is an SVG."""

import pytest
import torch

from torchbook.course.pictures.line import HIGH, WIDE, Line
from torchbook.course.pictures.still_axes import Axes
from torchbook.errors import TorchbookError


def test_the_loss_is_that_of_the_line_as_it_lies():
    x, y = torch.linspace(-3, 5, 9), torch.tensor([1.0, 4, 2, 8, 5, 7, 3, 3, 9])
    line = Line((x, y), slope=0.5, intercept=2)
    for slope, intercept in ((0.5, 2.0), (-1.25, 40.0)):
        line.set_state({"slope": slope, "intercept": intercept})
        expected = torch.nn.functional.mse_loss(slope * x + intercept, y).item()
        assert line.loss == pytest.approx(expected, rel=1e-6)
        assert f"slope {slope}".replace("-", "−") in line.alternative


def test_its_still_shows_points_errors_and_the_line():
    line = Line(([0.0, 1, 2], [0.0, 1, 4]), slope=1, across="x", up="y")
    assert line.still().count("<circle") == 3 and line.still().count('d="M') >= 4 and line.alternative in line.still()


def test_points_are_needed_in_pairs():
    with pytest.raises(TorchbookError, match="as many y as x, got 2 and 1"):
        Line(([1, 2], [3]))


def test_the_dashed_line_of_loose_points_is_the_one_with_the_smallest_loss():
    x, y = [0.0, 1, 2, 4], [1.0, 0, 4, 5]
    line = Line((x, y), slope=0.5, squares=True, loose=True, view=(-10, 10, -10, 10))
    area = Axes(0, 0, WIDE, HIGH, view=line.view, across="x", up="y")
    columns = torch.tensor([[each, 1.0] for each in x], dtype=torch.float64)
    slope, intercept = (
        torch.linalg.lstsq(columns, torch.tensor(y, dtype=torch.float64)[:, None]).solution[:, 0].tolist()
    )
    (across, up), (right, top) = (area.at(end, slope * end + intercept) for end in (-10, 10))
    assert f'd="M{across:.1f} {up:.1f}L{right:.1f} {top:.1f}"' in line.still()
    assert line.still().count("fill-opacity:.12") == 4
