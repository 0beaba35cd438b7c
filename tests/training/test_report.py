"""The numbers between two reports, also as an earlier version kept them."""

import pytest
import torch

from torchbook.training.report import Tally


def test_a_tally_goes_on_where_it_was():
    whole, first = Tally(), Tally()
    for tally in (whole, first):
        tally.add({"loss": torch.tensor(2.0)}, 3)
    second = Tally()
    second.load_state_dict(first.state_dict())
    for tally in (whole, second):
        tally.add({"loss": torch.tensor(1.0)}, 1)
    assert second.means() == whole.means() == {"loss": 1.75} and second.samples == 4


def test_a_run_that_torchbook_0_1_stopped_goes_on():
    state = {"samples": 4, "seconds": 0.5, "weights": [3, 1], "values": {"loss": torch.tensor([2.0, 1.0])}}
    tally = Tally()
    tally.load_state_dict(state)
    tally.add({"loss": torch.tensor(0.0)}, 4)
    assert tally.means() == {"loss": pytest.approx(0.875)} and tally.elapsed() >= 0.5
