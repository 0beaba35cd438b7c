"""The exercises on learning, held against torch's own layers, optimizers and losses, and against scikit-learn."""

import itertools
import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler
from torch import nn

from torchbook.course.grading import earlier_answers


def solution(name):
    # Outside of a workspace, `earlier` gives the solutions.
    return getattr(earlier_answers, name)


def test_the_loss_is_that_of_torch():
    generator = torch.Generator().manual_seed(0)
    one, other = torch.randn(2, 5, 3, generator=generator)
    assert torch.equal(solution("mean_squared_error").mean_squared_error(one, other), F.mse_loss(one, other))


def by_torch(parameters, loss, learning_rate, epochs):
    optimizer = torch.optim.SGD(parameters, lr=learning_rate)
    losses = []
    for _ in range(epochs):
        optimizer.zero_grad()
        value = loss()
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


def test_a_descent_by_hand_is_that_of_sgd_and_ends_where_least_squares_does():
    x, noise = torch.randn(2, 30, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    y = 3 * x - 2 + 0.1 * noise
    start = torch.tensor([0.5, 0.25], dtype=torch.float64)
    w, b, losses = solution("descend_by_hand").descend(x, y, start[0], start[1], 0.1, 300)
    line = start.clone().requires_grad_()
    assert losses == pytest.approx(by_torch([line], lambda: F.mse_loss(line[0] * x + line[1], y), 0.1, 300))
    best = LinearRegression().fit(x[:, None].numpy(), y.numpy())
    assert (float(w), float(b)) == pytest.approx((best.coef_[0], best.intercept_))


def test_slopes_of_a_slope_of_sine_are_minus_sine():
    x = torch.linspace(-2, 2, 9, dtype=torch.float64)
    slopes = solution("slopes_by_autograd").slopes
    torch.testing.assert_close(slopes(torch.sin, x), x.cos())
    torch.testing.assert_close(slopes(lambda points: points.cos(), x), -x.sin())


def test_functions_of_the_engine_have_the_slopes_of_autograd():
    functions = solution("engine_functions")
    for name, number in itertools.product(("exp", "relu", "tanh"), (-1.5, -0.1, 0.0, 0.3, 2.0)):
        ours = functions.Value(number)
        result = getattr(functions, name)(ours)
        result.backward()
        theirs = torch.tensor(number, dtype=torch.float64, requires_grad=True)
        expected = getattr(torch, name)(theirs)
        expected.backward()
        assert (result.data, ours.grad) == pytest.approx((expected.item(), theirs.grad.item()))


def test_the_engine_trains_a_network_as_torch_does():
    engine = solution("engine_training")
    source = random.Random(3)
    points = [[source.uniform(-1, 1) for _ in range(2)] for _ in range(6)]
    labels = [1.0 if a * b > 0 else -1.0 for a, b in points]
    model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1), nn.Tanh()).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.tensor([source.uniform(-1, 1) for _ in range(parameter.numel())]).view_as(parameter))
    layers = [
        (
            [[engine.Value(weight) for weight in row] for row in layer.weight.tolist()],
            [engine.Value(bias) for bias in layer.bias.tolist()],
        )
        for layer in (model[0], model[2])
    ]
    inputs, targets = torch.tensor(points, dtype=torch.float64), torch.tensor(labels, dtype=torch.float64)
    expected = by_torch(model.parameters(), lambda: F.mse_loss(model(inputs)[:, 0], targets), 0.3, 20)
    assert engine.train(points, labels, layers, 0.3, 20) == pytest.approx(expected)
    assert expected[-1] < expected[0]


def test_linear_regression_is_that_of_a_linear_layer():
    x, y = torch.randn(2, 20, 2, generator=torch.Generator().manual_seed(2))
    model = nn.Linear(2, 2)
    weights, bias = (parameter.detach().clone().requires_grad_() for parameter in model.parameters())
    losses = solution("linear_regression").train(x, y, weights, bias, 0.1, 10)
    assert losses == pytest.approx(by_torch(model.parameters(), lambda: F.mse_loss(model(x), y), 0.1, 10))
    torch.testing.assert_close(weights.detach(), model.weight.detach())


def test_tables_are_normalised_as_scikit_learn_does():
    tables = [np.random.default_rng(seed).normal(seed, seed + 1, (10 + seed, 3)) for seed in range(3)]
    tables[0][:, 1] = 4.0
    scaler = StandardScaler().fit(tables[0])
    ours = solution("normalize_like_training").normalize(*map(torch.from_numpy, tables))
    for own, table in zip(ours, tables, strict=True):
        np.testing.assert_allclose(own.numpy(), scaler.transform(table), rtol=1e-9)


def test_a_loss_weighted_by_samples_does_not_depend_on_the_batches():
    x, y = torch.randn(2, 11, 2, generator=torch.Generator().manual_seed(4))
    model, fit = nn.Linear(2, 2), solution("fit_in_batches")
    whole = F.mse_loss(model(x), y).item()
    for size in (1, 4, 11):
        assert fit.evaluate(model, list(zip(x.split(size), y.split(size)))) == pytest.approx(whole)
    history = fit.fit(model, list(zip(x.split(4), y.split(4))), [(x, y)], 0.05, 5)
    assert len(history) == 5 and history[-1] < whole
