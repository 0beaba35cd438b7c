import copy

import pytest
import torch
from torch import nn

from torchbook import Supervised
from torchbook.training.muon import Muon, orthogonalized


@pytest.mark.parametrize("shape", [(8, 8), (5, 40), (40, 5), (1, 9)])
def test_an_orthogonal_matrix_keeps_the_singular_vectors_and_evens_the_values(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    made = left.T @ orthogonalized(matrix, steps=5) @ right.T
    assert (made.diagonal() - 1).abs().max() < 0.35  # the quintic trades exactness for speed
    assert (made - made.diagonal().diag()).abs().max() < 1e-6
    assert values.max() / values.min() >= made.diagonal().max() / made.diagonal().min()


def test_the_size_of_the_gradient_does_not_matter_for_an_orthogonal_update():
    weight = torch.randn(6, 3, 2, 2)
    twins = [nn.Parameter(weight.clone()) for _ in range(2)]
    gradient = torch.randn_like(weight)
    for twin, factor in zip(twins, (1.0, 1000.0), strict=True):
        optimizer = Muon([twin], lr=0.1, orthogonal=True)
        twin.grad = factor * gradient
        optimizer.step()
    torch.testing.assert_close(twins[0], twins[1], rtol=1e-4, atol=1e-5)
    # The norm is set before the update, whose own norm is at most the root of the rank times the rate.
    assert abs(twins[0].norm() - 6**0.5) <= 0.1 * 1.3 * 6**0.5


def test_other_groups_are_torch_sgd_with_nesterov_momentum():
    ours = nn.Linear(4, 3)
    theirs = copy.deepcopy(ours)
    inputs, labels = torch.randn(20, 4), torch.randint(0, 3, (20,))
    tasks = [
        Supervised(ours, Muon(ours.parameters(), lr=0.1, momentum=0.85, weight_decay=0.001)),
        Supervised(
            theirs,
            torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.85, nesterov=True, weight_decay=0.01),
        ),
    ]
    for _ in range(5):
        for task in tasks:
            task.step((inputs, labels))
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(mine, other)


def test_a_stopped_training_goes_on_to_the_same_bits():
    inputs, labels = torch.randn(20, 2, 4, 4), torch.randint(0, 3, (20,))
    model = nn.Sequential(nn.Conv2d(2, 5, 3), nn.Flatten(), nn.Linear(20, 3))

    def task():
        twin = copy.deepcopy(model)
        filters, others = [twin[0].weight], [twin[0].bias, *twin[2].parameters()]
        return Supervised(twin, Muon([{"params": filters, "orthogonal": True}, {"params": others, "lr": 0.05}]))

    whole, first, second = task(), task(), task()
    for number in range(6):
        whole.step((inputs, labels))
        (first if number < 3 else second).step((inputs, labels))
        if number == 2:
            second.load_state_dict(first.state_dict())
    for a, b in zip(whole.model.parameters(), second.model.parameters(), strict=True):
        assert torch.equal(a, b)
