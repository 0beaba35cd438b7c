import pytest
import torch
from torch import nn

from torchbook import Batches, Supervised, TorchbookError, build
from torchbook.training import find_learning_rate


def parts(labels=None):
    rng = torch.Generator().manual_seed(0)
    inputs = torch.randn(400, 10, generator=rng)
    labels = (inputs.sum(1) > 0).long() if labels is None else labels
    model = build("mlp", sample_shape=(10,), outputs=2, hidden=(32,))
    return Supervised(model, torch.optim.SGD(model.parameters(), lr=0.5)), Batches(
        inputs, labels, size=20, shuffle=True
    )


def test_the_suggestion_learns_and_everything_is_as_before():
    task, batches = parts()
    before = [p.clone() for p in task.model.parameters()]
    found = find_learning_rate(task, batches)
    assert all(torch.equal(a, b) for a, b in zip(before, task.model.parameters(), strict=True))
    assert task.steps == 0 and batches.state_dict() == {"epoch": 0, "position": 0} and task.learning_rates == [0.5]
    assert 1e-3 < found.suggestion < 5 and len(found.rates) == len(found.losses)
    task.optimizer.param_groups[0]["lr"] = found.suggestion
    first = task.step(next(iter(batches)))["loss"]
    for batch in batches:
        last = task.step(batch)["loss"]
    assert last < 0.8 * first


def test_nothing_to_learn_is_said():
    task, batches = parts()
    task.criterion = lambda logits, labels: (logits * 0).sum() + 1 + 0.0 * nn.functional.cross_entropy(logits, labels)
    with pytest.raises(TorchbookError, match="fell at no learning rate"):
        find_learning_rate(task, batches)
    with pytest.raises(TorchbookError, match=r"got 1.0 to 0.1"):
        find_learning_rate(task, batches, lowest=1.0, highest=0.1)
