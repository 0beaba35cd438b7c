"""The perceptron that embeds."""

import torch

from torchbook.models.table import TableModel


def test_embeddings_stand_in_the_place_of_indices():
    model = TableModel((3,), 2, embeddings=[(1, 5, 4)], hidden=())
    inputs = torch.tensor([[0.5, 2.0, -1.0]])
    vector = model.embeddings[0].weight[2]
    weight, bias = model.layers[0].weight, model.layers[0].bias
    expected = weight @ torch.cat([inputs[0, [0, 2]], vector]) + bias
    torch.testing.assert_close(model(inputs)[0], expected)


def test_a_category_never_seen_adds_nothing_until_it_is_learned():
    model = TableModel((1,), 1, embeddings=[(0, 3, 2)], hidden=())
    assert torch.equal(model(torch.zeros(1, 1))[0], model.layers[0].bias)


def test_sequences_embed_every_step_and_quantities_have_their_units():
    model = TableModel((2, 6), 1, embeddings=[(0, 3, 2)], hidden=(8,), dropout=0.1, shift=[100.0], scale=[5.0])
    inputs = torch.stack([torch.randint(3, (4, 6)).float(), torch.randn(4, 6)], dim=1)
    outputs = model.eval()(inputs)
    assert outputs.shape == (4, 1)
    torch.testing.assert_close(outputs, model.layers(
        torch.cat([inputs[:, 1], model.embeddings[0](inputs[:, 0].long()).flatten(1)], 1)) * 5 + 100)  # fmt: skip


def test_every_weight_learns():
    model = TableModel((2,), 1, embeddings=[(0, 3, 2)])
    model(torch.tensor([[0.0, 1.0], [1.0, 2.0], [2.0, -1.0]])).square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in model.parameters())
