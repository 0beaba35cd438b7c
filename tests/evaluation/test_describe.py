import torch
from torch import nn

from torchbook import build
from torchbook.evaluation import describe


def test_a_multiplication_and_an_addition_are_two_operations():
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.ReLU(), nn.Linear(5, 2))
    assert describe(model, (3, 2, 2)) == {"parameters": 12 * 5 + 5 + 5 * 2 + 2, "flops": 2 * (12 * 5 + 5 * 2)}


def test_a_convolution_counts_for_every_place():
    model = nn.Conv2d(3, 4, 3, padding=1)
    assert describe(model, (3, 8, 8))["flops"] == 2 * 8 * 8 * 4 * 3 * 9


def test_a_generator_is_fed_its_latent_vector_and_left_in_its_mode():
    model = build("dense_generator", sample_shape=(1, 8, 8), latent=6, hidden=10).train()
    assert describe(model, (1, 8, 8))["flops"] == 2 * (6 * 10 + 10 * 20 + 20 * 64)
    assert model.training


def test_frozen_weights_are_not_parameters_to_train():
    model = nn.Linear(3, 2)
    model.bias.requires_grad_(False)
    assert describe(model, (3,))["parameters"] == 6
    assert torch.is_grad_enabled()
