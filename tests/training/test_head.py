"""A head on fixed features: the same as scikit-learn's, chosen inside the training set, and what it thinks foreign."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression

from torchbook.training import head
from torchbook.training.head import STRENGTHS, USUAL, familiarity, fit_head, fold_numbers


def examples(count=60, size=200, classes=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % classes
    centres = torch.randn(classes, size, generator=generator)
    return centres[labels] + 3 * torch.randn(count, size, generator=generator), labels


@pytest.mark.parametrize("size", [10, 200], ids=["fewer features than rows", "more features than rows"])
def test_the_head_is_the_logistic_regression_of_scikit_learn(size):
    rows, labels = examples(size=size)
    head = fit_head(rows[:, None], labels, classes=3)
    std, mean = torch.std_mean(rows.double(), dim=0, correction=0)
    std = std + 0.1 * std.mean()
    strength = 1 / (head.strength * len(rows))
    theirs = LogisticRegression(C=strength, tol=1e-8, max_iter=2000).fit(((rows - mean) / std).numpy(), labels.numpy())
    ours = F.softmax(rows @ head.weight.T + head.bias, dim=1).numpy()
    np.testing.assert_allclose(ours, theirs.predict_proba(((rows - mean) / std).numpy()), atol=2e-3)


def test_the_strength_is_the_best_on_what_was_held_out_and_looks_stay_together():
    rows, labels = examples()
    head = fit_head(rows[:, None], labels, classes=3, seed=1)
    assert head.strength in STRENGTHS and head.held_out.shape == (60, 3)
    # A second look that is the very same picture changes nothing: it is held out together with the first.
    twice = fit_head(rows[:, None].expand(-1, 2, -1), labels, classes=3, seed=1)
    assert twice.strength == head.strength
    for one, other in zip(*(F.softmax(each.held_out, dim=1) for each in (twice, head)), strict=True):
        torch.testing.assert_close(one, other, atol=2e-2, rtol=0)
    # Noise that says nothing of the labels is regularised away.
    noise = fit_head(torch.randn(60, 1, 200, generator=torch.Generator().manual_seed(5)), labels, classes=3)
    assert F.cross_entropy(noise.held_out, labels) < 1.3


def test_a_class_of_one_picture_takes_the_usual_strength():
    rows, labels = examples(count=4)
    head = fit_head(rows[:, None], labels, classes=3)
    assert head.strength == USUAL and head.held_out is None


def test_folds_are_even_in_size_and_in_classes():
    labels = torch.tensor([0] * 13 + [1] * 8 + [2] * 2)
    folds = fold_numbers(labels, count=5, seed=3)
    assert torch.bincount(folds).tolist() == [5, 5, 5, 4, 4]
    for label in range(3):
        counts = torch.bincount(folds[labels == label], minlength=5)
        assert counts.max() - counts.min() <= 1
    assert torch.equal(folds, fold_numbers(labels, count=5, seed=3))


def test_one_in_twenty_five_of_its_own_pictures_is_beyond_the_limit():
    rows, labels = examples(count=300, size=20)
    references, limit = familiarity(rows, rows[:100] + 0.0, labels=labels)
    from torchbook.models.transfer import distances

    assert (distances(rows[:100], references) > limit).sum() == 4
    assert familiarity(rows[:6], labels=labels[:6])[1] == float("inf")


def test_a_short_memory_of_steps_finds_the_same_head(monkeypatch):
    generator = torch.Generator().manual_seed(3)
    labels = torch.arange(60) % 3
    features = torch.randn(60, 1, 20, generator=generator) + 2 * torch.nn.functional.one_hot(labels, 20)[:, None]
    usual = head.fit_head(features, labels, classes=3)
    monkeypatch.setattr(head, "MOST_REMEMBERED", 1)
    short = head.fit_head(features, labels, classes=3)
    assert short.strength == usual.strength
    torch.testing.assert_close(short.weight, usual.weight, rtol=0.02, atol=0.01)


def test_many_examples_hold_one_fold_out(monkeypatch):
    rows, labels = examples(count=300, size=20)
    every = fit_head(rows[:, None].expand(-1, 2, -1), labels, classes=3)
    monkeypatch.setattr(head, "MOST_CROSSED", 1)
    fifth = fit_head(rows[:, None].expand(-1, 2, -1), labels, classes=3)
    assert every.held_out.shape == (300, 3) and fifth.held_out.shape == (60, 3)
    assert torch.equal(fifth.rows, (fold_numbers(labels, count=5) == 0).nonzero().flatten())
    assert fifth.strength in STRENGTHS[::2]
    assert (fifth.held_out.argmax(1) == labels[fifth.rows]).float().mean() > 0.5


def test_a_fit_takes_a_bounded_number_of_steps(monkeypatch):
    rows, labels = examples(count=300, size=20)
    steps = []
    optimizer = torch.optim.LBFGS
    monkeypatch.setattr(head, "MOST_WORK", 1)
    monkeypatch.setattr(torch.optim, "LBFGS", lambda *a, **k: steps.append(k["max_iter"]) or optimizer(*a, **k))
    few = fit_head(rows[:, None], labels, classes=3)
    assert set(steps) == {head.FEWEST_STEPS}
    monkeypatch.undo()
    whole = fit_head(rows[:, None], labels, classes=3)
    ours, theirs = (F.softmax(rows @ each.weight.T + each.bias, dim=1) for each in (few, whole))
    torch.testing.assert_close(ours, theirs, atol=0.05, rtol=0)
