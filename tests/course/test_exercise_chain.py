"""The exercises of a lesson fit together: with their solutions alone a classifier learns, is measured and kept."""

import types

import pytest
import torch
from sklearn.datasets import load_digits, make_moons
from sklearn.linear_model import LogisticRegression

from torchbook.course.grading.exercise import exercises

PACKAGED = {exercise.name: exercise for exercise in exercises()}


def solution(name):
    module = types.ModuleType(name)
    exec(PACKAGED[name].solution, module.__dict__)
    return module


def trained(model, inputs, labels, *, epochs, learning_rate):
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    batches = list(zip(inputs.split(64), labels.split(64)))
    return [solution("train_epoch").train_epoch(model, batches, optimizer) for _ in range(epochs)]


@pytest.fixture(scope="module")
def digits():
    found = load_digits()
    pictures = torch.from_numpy(found.images).float().unsqueeze(1) / 16
    return pictures, torch.from_numpy(found.target).long()


def test_digits_are_learned_measured_and_kept(digits, tmp_path):
    pictures, labels = digits
    torch.manual_seed(0)
    model = solution("logistic_regression").LogisticRegression(64, 10)
    losses = trained(model, pictures[:1200], labels[:1200], epochs=20, learning_rate=0.02)
    assert losses[-1] < losses[0] / 4

    held_back = list(zip(pictures[1200:].split(100), labels[1200:].split(100)))
    loss, accuracy = solution("evaluate").evaluate(model, held_back)
    assert accuracy == pytest.approx((model.predict(pictures[1200:]) == labels[1200:]).float().mean().item())
    reference = LogisticRegression(max_iter=500).fit(pictures[:1200].flatten(1), labels[:1200])
    assert accuracy > reference.score(pictures[1200:].flatten(1), labels[1200:]) - 0.03

    keep = solution("save_and_load")
    keep.save_weights(model, tmp_path / "weights.pt")
    fresh = solution("logistic_regression").LogisticRegression(64, 10)
    keep.load_weights(fresh, tmp_path / "weights.pt")
    assert solution("evaluate").evaluate(fresh, held_back) == (loss, accuracy)


def test_a_hidden_layer_learns_what_one_layer_cannot():
    points, labels = make_moons(400, noise=0.1, random_state=0)
    inputs, labels = torch.from_numpy(points).float(), torch.from_numpy(labels).long()
    accuracies = []
    for sizes in ([2, 2], [2, 16, 2]):
        torch.manual_seed(0)
        model = solution("multilayer_perceptron").MultilayerPerceptron(sizes)
        trained(model, inputs, labels, epochs=60, learning_rate=0.02)
        accuracies.append(solution("evaluate").evaluate(model, [(inputs, labels)])[1])
    assert accuracies[0] < 0.92 and accuracies[1] > 0.97


def test_the_losses_of_two_classes_agree():
    generator = torch.Generator().manual_seed(0)
    scores, labels = torch.randn(50, generator=generator), torch.randint(0, 2, (50,), generator=generator)
    loss = solution("binary_cross_entropy").binary_cross_entropy(scores, labels.float())
    both = solution("cross_entropy").cross_entropy(torch.stack([torch.zeros(50), scores], dim=1), labels)
    likelihood = solution("log_likelihood").log_likelihood(torch.sigmoid(scores), labels)
    assert loss.item() == pytest.approx(both.item(), rel=1e-5)
    assert loss.item() == pytest.approx(-likelihood.item() / 50, rel=1e-5)
