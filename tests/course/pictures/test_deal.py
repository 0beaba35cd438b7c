"""The deck of cards: its batches are those of torch, its words and its still say what is dealt."""

import base64
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from torchbook.course.pictures.deal import Deal, address, sheet
from torchbook.errors import TorchbookError

LABELS = torch.arange(3).repeat_interleave(5)


def pixels_of(source):
    return np.asarray(Image.open(BytesIO(base64.b64decode(source.partition(",")[2]))).convert("L"))


def test_the_batches_are_those_that_torch_would_deal():
    deal = Deal(LABELS, size=4, seed=3)
    assert [batch.tolist() for batch in deal.batches] == [list(range(k, min(k + 4, 15))) for k in (0, 4, 8, 12)]
    deal.shuffle = True
    expected = torch.randperm(15, generator=torch.Generator().manual_seed(3))
    assert torch.equal(torch.cat(deal.batches), expected)
    deal.size = 15
    assert len(deal.batches) == 1 and deal.sizes[-1] == 15
    assert all(sorted(order) == list(range(15)) for order in deal.orders) and deal.orders[0] != deal.orders[1]


def test_it_says_what_is_dealt():
    deal = Deal(LABELS, names=["ant", "bee", "cat"], size=7)
    assert deal.alternative == "15 cards, in their order, in 3 batches of 7. The first batch: 5 × ant, 2 × bee."


def test_the_sheet_holds_every_picture_at_its_place():
    pictures = (torch.arange(40).view(40, 1, 1, 1) * 6).expand(40, 1, 2, 3).to(torch.uint8)
    whole = sheet(pictures)
    assert whole.shape == (2 * 2, 32 * 3)
    for card in (0, 31, 32, 39):
        row, column = divmod(card, 32)
        assert (whole[2 * row : 2 * row + 2, 3 * column : 3 * column + 3] == 6 * card).all()
    assert abs(pixels_of(address(whole)).astype(int) - whole).max() < 17
    colour = torch.zeros(2, 3, 4, 4, dtype=torch.uint8)
    assert sheet(colour).shape == (4, 32 * 4, 3)


def test_its_still_has_the_strip_and_the_cards_of_the_first_batch():
    pictures = torch.zeros(15, 1, 4, 4, dtype=torch.uint8)
    still = Deal(LABELS, pictures=pictures, size=4).still()
    assert still.count("<image") == 1 + 4 and still.count("<rect") == 4 and "batch 1 of 4: 4 × 0" in still


def test_a_deck_needs_a_label_for_each_card():
    with pytest.raises(TorchbookError, match="got 0 labels"):
        Deal(LABELS[:0])
