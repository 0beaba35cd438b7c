import inspect

import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from torchbook import TorchbookError
from torchbook.evaluation import accuracy, baseline, classification, confusion, regression
from torchbook.evaluation.measures import calibrated_classification, calibration_error, multilabel, precision_recall

seeds = st.integers(0, 10_000)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, count=st.integers(2, 60), classes=st.integers(2, 6))
def test_classification_agrees_with_scikit_learn(seed, count, classes):
    rng = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, classes, generator=rng)
    labels = torch.randint(0, classes, (count,), generator=rng)
    ours = classification(logits, labels)
    assert ours["accuracy"] == pytest.approx(metrics.accuracy_score(labels, logits.argmax(1)))
    expected = metrics.log_loss(labels, logits.double().softmax(1), labels=list(range(classes)))
    assert ours["cross_entropy"] == pytest.approx(expected) and ours["count"] == count
    assert accuracy(logits, labels) == ours["accuracy"]
    counts = confusion(logits.argmax(1), labels, classes=classes)
    theirs = metrics.confusion_matrix(labels, logits.argmax(1), labels=list(range(classes)))
    assert numpy.array_equal(counts.numpy(), theirs)
    precision, recall = precision_recall(counts)
    expected = metrics.precision_recall_fscore_support(
        labels, logits.argmax(1), labels=list(range(classes)), zero_division=0
    )
    torch.testing.assert_close(precision.double(), torch.from_numpy(expected[0]), rtol=1e-6, atol=1e-6)
    torch.testing.assert_close(recall.double(), torch.from_numpy(expected[1]), rtol=1e-6, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, count=st.integers(2, 40), targets=st.integers(1, 3))
def test_regression_agrees_with_scikit_learn(seed, count, targets):
    rng = torch.Generator().manual_seed(seed)
    said, values = torch.randn(2, count, targets, generator=rng)
    ours = regression(said, values)
    assert ours["mse"] == pytest.approx(metrics.mean_squared_error(values, said))
    assert ours["mae"] == pytest.approx(metrics.mean_absolute_error(values, said))
    assert ours["r2"] == pytest.approx(metrics.r2_score(values.double(), said.double()))


def test_regression_of_other_shapes_is_refused():
    """`[batch, 1]` minus `[batch]` would be the differences of all pairs."""
    unchecked = inspect.unwrap(regression)  # without the check of shapes that tests have
    with pytest.raises(TorchbookError, match=r"same shape, got \[4, 1\] and \[4\]"):
        unchecked(torch.ones(4, 1), torch.ones(4))


def test_baselines():
    labels = torch.tensor([0, 1, 1, 2])
    assert baseline(labels, torch.tensor([1, 1, 0]))["accuracy"] == pytest.approx(2 / 3)
    values = torch.tensor([[1.0], [3.0]])
    assert baseline(values, torch.tensor([[2.0], [4.0]])) == pytest.approx(
        {"mse": 2.0, "mae": 1.0, "r2": -1.0, "count": 2}
    )


def test_calibration_error_is_the_gap_between_probability_and_accuracy():
    # Four in five are said to be sure to 80 %, and three in five are right.
    logits = torch.tensor([[0.8, 0.2]]).log().expand(5, 2)
    labels = torch.tensor([0, 0, 0, 1, 1])
    assert calibration_error(logits, labels) == pytest.approx(0.2)
    assert calibration_error(logits, torch.tensor([0, 0, 0, 0, 1])) == pytest.approx(0, abs=1e-6)
    both = torch.cat([logits, torch.tensor([[0.0, 100.0]])]), torch.cat([labels, torch.tensor([0])])
    assert calibration_error(*both) == pytest.approx((5 * 0.2 + 1) / 6)
    assert calibrated_classification(*both)["accuracy"] == 0.5


@settings(max_examples=40, deadline=None)
@given(seed=seeds, count=st.integers(2, 40), tags=st.integers(2, 5))
def test_multilabel_agrees_with_scikit_learn(seed, count, tags):
    rng = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, tags, generator=rng)
    labels = torch.randint(0, 2, (count, tags), generator=rng).float()
    ours, told = multilabel(logits, labels), (logits > 0).numpy()
    f1 = metrics.f1_score(labels.numpy(), told, average="micro", zero_division=1.0)
    assert ours["f1"] == pytest.approx(f1)
    assert ours["exact_match"] == pytest.approx((labels.numpy() == told).all(1).mean())
    losses = [metrics.log_loss(labels[:, k], logits[:, k].double().sigmoid(), labels=[0.0, 1.0]) for k in range(tags)]
    assert ours["cross_entropy"] == pytest.approx(sum(losses) / tags, rel=1e-5)
    plain = baseline(labels, labels, measure=multilabel)
    often = (labels.mean(0) > 0.5).expand_as(labels).numpy()
    assert plain["f1"] == pytest.approx(metrics.f1_score(labels.numpy(), often, average="micro", zero_division=1.0))
