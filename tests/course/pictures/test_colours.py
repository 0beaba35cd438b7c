"""Numbers as pixels."""

import torch

from torchbook.course.pictures.colours import ABOVE, BELOW, signed


def test_weights_are_black_at_zero_and_full_at_the_largest():
    colours = signed(torch.tensor([[0.0, 2.0], [-1.0, -2.0]]))
    assert colours.shape == (2, 2, 3) and colours.dtype == torch.uint8
    assert colours[0, 0].tolist() == [0, 0, 0]
    assert colours[0, 1].tolist() == list(ABOVE) and colours[1, 1].tolist() == list(BELOW)
    assert colours[1, 0].tolist() == [round(value / 2) for value in BELOW]
    assert signed(torch.zeros(2, 2)).sum() == 0
