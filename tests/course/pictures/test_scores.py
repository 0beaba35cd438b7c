"""The scores of a few classes: their probabilities, loss and slopes are PyTorch's."""

import pytest
import torch
import torch.nn.functional as F

from torchbook.course.pictures.scores import Scores
from torchbook.errors import TorchbookError


@pytest.mark.parametrize("temperature", [0.1, 1.0, 7.0])
def test_it_computes_what_pytorch_computes(temperature):
    generator = torch.Generator().manual_seed(0)
    for classes in (2, 3, 9):
        values = (3 * torch.randn(classes, generator=generator)).clamp(-6, 6).tolist()
        picture = Scores(
            {str(number): value for number, value in enumerate(values)}, right="1", temperature=temperature
        )
        logits = torch.tensor(values, dtype=torch.float64, requires_grad=True)
        assert picture.probabilities == pytest.approx((logits / temperature).softmax(0).tolist())
        assert picture.loss == pytest.approx(F.cross_entropy(logits / temperature, torch.tensor(1)).item(), abs=1e-12)
        F.cross_entropy(logits / temperature, torch.tensor(1)).backward()
        assert picture.slopes == pytest.approx((temperature * logits.grad).tolist())


def test_it_says_what_is_seen_and_draws_it():
    picture = Scores({"duck": 2.0, "beaver": 1.0, "walrus": 0.0}, right="beaver")
    assert "duck 67%, beaver 24%, walrus 9%. Right is beaver, and the loss is 1.408" in picture.alternative
    assert picture.still().count("<rect") == 3 and "✓ beaver" in picture.still()
    picture.set_state({"values": [0.0, 0.0, 0.0]})
    assert "duck 33%" in picture.alternative


def test_a_right_class_is_needed_among_two_or_more():
    for scores, right in (({"a": 1.0}, "a"), ({"a": 1.0, "b": 2.0}, "c")):
        with pytest.raises(TorchbookError, match="expected two classes or more"):
            Scores(scores, right=right)
    with pytest.raises(TorchbookError, match="between -6 and 6, got 7"):
        Scores({"a": 7.0, "b": 0.0}, right="a")
