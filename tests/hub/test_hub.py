"""The pretrained networks by `torch.hub`, from the checkout and from where torchbook is installed."""

from pathlib import Path

import pytest
import torch

import torchbook.hub
from torchbook.inference.pretrained import PRETRAINED, card_of

CHECKOUT, INSTALLED = Path(__file__).parents[2], Path(torchbook.hub.__file__).parent


@pytest.mark.parametrize("folder", [CHECKOUT, INSTALLED], ids=["checkout", "installed"])
def test_every_pretrained_network_is_there(folder):
    for name in PRETRAINED:
        network = torch.hub.load(str(folder), name, source="local")
        assert not network.training and network.card == card_of(name)
