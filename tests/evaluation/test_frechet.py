import numpy
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook import Batches, Card, Dataset, Split, load
from torchbook.evaluation.frechet import _turned, floor, frechet_distance, judge

pytestmark = pytest.mark.proven


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), features=st.integers(1, 8), count=st.integers(10, 60))
def test_the_distance_is_that_of_the_formula(seed, features, count):
    rng = torch.Generator().manual_seed(seed)
    first = torch.randn(count, features, generator=rng)
    second = 2 * torch.randn(count + 5, features, generator=rng) + 1
    c1, c2 = (torch.cov(x.double().T).reshape(features, features).numpy() for x in (first, second))
    # the trace of a matrix's root is the sum of the roots of its eigenvalues
    root = numpy.sqrt(numpy.linalg.eigvals(c1 @ c2).astype(complex)).sum().real
    means = (first.double().mean(0) - second.double().mean(0)).square().sum().item()
    expected = means + (c1 + c2).trace() - 2 * root
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert frechet_distance(second, first) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    assert frechet_distance(first, first) == pytest.approx(0, abs=1e-9)


@pytest.fixture(scope="module")
def digits_and_judge(tmp_path_factory):
    from _pytest.monkeypatch import MonkeyPatch

    with MonkeyPatch.context() as patch:
        patch.setenv("TORCHBOOK_HOME", str(tmp_path_factory.mktemp("judged")))
        dataset = load("digits")
        first = judge(dataset)
        assert judge(dataset).hash == first.hash
        return dataset, first


def real(dataset):
    images = dataset.test.inputs.float() / 127.5 - 1
    return Batches(images, size=100)


def test_real_digits_are_near_and_noise_is_far(digits_and_judge):
    dataset, own_judge = digits_and_judge
    batches = real(dataset)
    near = own_judge(batches, dataset.train.inputs.float() / 127.5 - 1)
    noise = own_judge(batches, torch.rand(500, 1, 8, 8) * 2 - 1)
    assert near["classes_covered"] == 10 and sum(near["class_shares"]) == pytest.approx(1, abs=1e-3)
    assert near["frechet"] == pytest.approx(floor(own_judge, dataset), rel=1e-4)
    assert noise["frechet"] > 20 * near["frechet"]
    assert near["judge"] == own_judge.hash


def test_the_floor_looks_at_all_classes_of_a_folder(digits_and_judge):
    """More pictures than are looked at, in the order of their classes, as a folder has them."""
    dataset, own_judge = digits_and_judge
    order = dataset.train.labels.argsort(stable=True).repeat_interleave(10)
    sorted_by_class = Split(dataset.train.inputs[order], dataset.train.labels[order])
    again = Dataset(sorted_by_class, dataset.valid, dataset.test, dataset.card)
    assert floor(own_judge, again) == pytest.approx(floor(own_judge, dataset), rel=0.05)


def test_other_labels_have_another_judge(digits_and_judge, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path))
    dataset, own_judge = digits_and_judge
    swapped = Split(dataset.train.inputs, 9 - dataset.train.labels)
    assert judge(Dataset(swapped, dataset.valid, dataset.test, dataset.card), epochs=1).hash != own_judge.hash


def test_mode_collapse_is_seen(digits_and_judge):
    """Samples of three digits only, each as real as can be: the coverage falls and the distance rises."""
    dataset, own_judge = digits_and_judge
    images, labels = dataset.train.inputs.float() / 127.5 - 1, dataset.train.labels
    collapsed = own_judge(real(dataset), images[labels < 3])
    whole = own_judge(real(dataset), images)
    assert collapsed["classes_covered"] == 3
    assert collapsed["frechet"] > 10 * whole["frechet"]


def test_the_judge_reads_digits(digits_and_judge):
    dataset, own_judge = digits_and_judge
    _, classes = own_judge.look(dataset.test.inputs.float() / 127.5 - 1)
    assert (classes == dataset.test.labels).double().mean() > 0.95


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 8, 12)])
def test_without_classes_the_judge_tells_how_pictures_were_turned(shape, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path))
    # A light that stands high on the left: each of its four positions is another.
    pictures = torch.randint(0, 60, (80, *shape), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    pictures[:, :, :3, :3] += 180
    card = Card("clouds", "", "images", "generation", mean=(0.3,) * shape[0], std=(0.3,) * shape[0])
    split = Split(pictures)
    own = judge(Dataset(split, split, split, card), epochs=6)
    turned = _turned(Dataset(split, split, split, card)).train
    _, positions = own.look(turned.inputs.float() / 127.5 - 1)
    assert (positions == turned.labels).double().mean() > 0.9
    real = pictures.float() / 127.5 - 1
    measured = [own([(real, None)], generated) for generated in (real, torch.rand(80, *shape) * 2 - 1)]
    assert measured[0]["frechet"] < 1e-3 < measured[1]["frechet"]
    assert "classes_covered" not in measured[0]
