import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from torchbook import Batches, build, classification
from torchbook.training.perceptron import PerceptronRule


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 999), features=st.integers(1, 4))
def test_it_learns_whatever_a_line_can_separate(seed, features):
    rng = torch.Generator().manual_seed(seed)
    inputs = torch.randn(40, features, generator=rng)
    score = inputs @ torch.randn(features, generator=rng) + 0.1
    inputs, labels = inputs[score.abs() > 0.2], (score > 0).long()[score.abs() > 0.2]
    assume(len(labels) > 0)
    task = PerceptronRule(build("perceptron", features=features), measure=classification)
    batches = Batches(inputs, labels, size=100)
    for _ in range(2000):
        if task.step((inputs, labels))["wrong"] == 0:
            break
    assert task.evaluate(batches)["accuracy"] == 1.0


def test_one_step_is_the_perceptron_trick():
    model = build("perceptron", features=2)
    task = PerceptronRule(model, learning_rate=0.5)
    task.step((torch.tensor([[2.0, 4.0]]), torch.tensor([1])))
    assert model.weight.tolist() == [1.0, 2.0] and model.bias.item() == 0.5
    task.step((torch.tensor([[1.0, 0.0]]), torch.tensor([0])))
    assert model.weight.tolist() == [0.5, 2.0] and model.bias.item() == 0.0
