import copy
import weakref

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from torchbook import Batches, Supervised, TorchbookError, classification
from torchbook.device import Choice


def parts(seed=0):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
    return model, torch.randn(30, 6), torch.randint(0, 3, (30,))


def test_a_step_is_the_step_that_one_would_write_by_hand():
    model, inputs, labels = parts()
    twin = copy.deepcopy(model)
    task = Supervised(model, torch.optim.Adam(model.parameters(), lr=0.01), clip_norm=0.5)
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.01)
    for _ in range(5):
        measures = task.step((inputs, labels))
        optimizer.zero_grad()
        loss = F.cross_entropy(twin(inputs), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(twin.parameters(), 0.5)
        optimizer.step()
        assert torch.equal(measures["loss"], loss.detach())
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), twin.parameters(), strict=True))


@pytest.mark.parametrize("micro_batch", [1, 7, 30, 99])
def test_micro_batches_add_up_to_the_whole(micro_batch):
    model, inputs, labels = parts()
    twin = copy.deepcopy(model)
    whole = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1))
    pieces = Supervised(twin, torch.optim.SGD(twin.parameters(), lr=0.1), micro_batch=micro_batch)
    first, second = whole.step((inputs, labels)), pieces.step((inputs, labels))
    torch.testing.assert_close(first["loss"], second["loss"])
    for a, b in zip(model.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    assert pieces.steps == 1


@pytest.mark.parametrize("wrong", [{"micro_batch": 0}, {"replicas": 0}, {"replicas": -1}])
def test_a_batch_in_no_pieces(wrong):
    model, *_ = parts()
    with pytest.raises(TorchbookError, match=f"must be 1 or more, got .*{'='.join(map(str, *wrong.items()))}"):
        Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), **wrong)


def test_the_schedule_multiplies_each_groups_own_rate():
    model, inputs, labels = parts()
    optimizer = torch.optim.SGD(
        [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters(), "lr": 0.4}]
    )
    task = Supervised(model, optimizer, schedule=lambda step: 1 / (step + 1))
    for step in range(3):
        task.step((inputs, labels))
        assert [group["lr"] for group in optimizer.param_groups] == [0.1 / (step + 1), 0.4 / (step + 1)]


def test_values_are_clipped():
    model, inputs, labels = parts()
    before = copy.deepcopy(model)
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=1.0), clip_value=1e-3)
    task.step((100 * inputs, labels))
    for a, b in zip(model.parameters(), before.parameters(), strict=True):
        assert (a - b).abs().max() <= 1e-3 + 1e-7


def test_evaluation_weighs_samples_not_batches():
    model, inputs, labels = parts()
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), measure=classification)
    whole = task.evaluate(Batches(inputs, labels, size=30))
    assert task.evaluate(Batches(inputs, labels, size=29)) == pytest.approx(whole)
    assert whole["count"] == 30 and not model.training
    bare = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1))
    assert bare.evaluate(Batches(inputs, labels, size=7))["loss"] == pytest.approx(whole["loss"], rel=1e-5)


def test_evaluation_keeps_numbers_not_tensors():
    model, inputs, labels = parts()
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), measure=classification)
    predict, seen = task.predict, []

    def watched(some):
        assert not any(outputs() is not None for outputs in seen[:-1])
        outputs = predict(some)
        seen.append(weakref.ref(outputs))
        return outputs

    whole = task.evaluate(Batches(inputs, labels, size=30))
    task.predict = watched
    assert task.evaluate(Batches(inputs, labels, size=4)) == pytest.approx(whole) and len(seen) == 8


def test_bfloat16_computes_with_float32_weights():
    model, inputs, labels = parts()
    choice = Choice("cpu", "bfloat16", 1, "asked for")
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), choice=choice)
    task.step((inputs, labels))
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert task.predict(inputs).dtype == torch.float32


@pytest.mark.parametrize("rate", [0.0])
def test_a_learning_rate_of_zero_is_refused(rate):
    model, _, _ = parts()
    with pytest.raises(TorchbookError, match=r"above 0, got 0\.0; try"):
        Supervised(model, torch.optim.SGD(model.parameters(), lr=rate))


def test_every_group_may_have_its_own_schedule_and_one_of_zero_is_frozen():
    model, inputs, labels = parts()
    model[2].bias.requires_grad_(False)
    groups = [{"params": model[0].parameters(), "lr": 0.1}, {"params": model[2].parameters(), "lr": 0.4}]
    factors = (1.0, 0.0, 0.5)
    task = Supervised(model, torch.optim.SGD(groups), schedule=[lambda step: 1.0, lambda step: factors[step]])
    for factor in factors:
        before = [weight.detach().clone() for weight in model.parameters()]
        task.step((inputs, labels))
        assert [group["lr"] for group in task.optimizer.param_groups] == [0.1, 0.4 * factor]
        moved = [not torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True)]
        assert moved == [True, True, factor > 0, False]
        assert model[2].weight.requires_grad == (factor > 0) and not model[2].bias.requires_grad
