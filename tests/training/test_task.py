"""One method, `loss(batch)`, or a `step`, is a task; what is overridden has its effect everywhere."""

import copy
import dataclasses

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from torchbook import Batches, Run, Supervised, Task, classification, evaluate, fit, load, train
from torchbook.device import Choice
from torchbook.training import autotune


class Autoencoder(Task):
    def loss(self, batch):
        inputs, _ = batch
        return F.mse_loss(self.model(inputs), inputs)


def focal(outputs, labels):
    """Cross-entropy that cares little for what is known already (Lin, 2017)."""
    each = F.cross_entropy(outputs, labels, reduction="none")
    return ((1 - (-each).exp()) ** 2 * each).mean()


def data(count=60):
    inputs = torch.randn(count, 6, generator=torch.Generator().manual_seed(0))
    return inputs, (inputs.sum(1) > 0).long()


def network(outputs=6):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 3), nn.Tanh(), nn.Linear(3, outputs))


def task_of(kind, model, **options):
    return kind(model, torch.optim.SGD(model.parameters(), lr=0.1), **options)


def test_one_method_is_a_task():
    task = task_of(Autoencoder, network())
    inputs, labels = data()
    for batches in (Batches(inputs, size=16, shuffle=True), Batches(inputs, labels, size=16)):
        reports = list(train(task, batches, epochs=20))
        assert reports[-1]["loss"] < reports[0]["loss"]
    measured = evaluate(task, Batches(inputs, size=7))
    assert measured == {"loss": pytest.approx(F.mse_loss(task.model(inputs), inputs).item(), rel=1e-5), "count": 60}


@pytest.mark.parametrize("options", [{"micro_batch": 7}, {"replicas": 2}, {"replicas": 3, "micro_batch": 4}])
def test_its_gradients_add_up_in_pieces_and_replicas(options):
    model = network().double()
    twin = copy.deepcopy(model)
    inputs = data()[0].double()
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        whole, parts = task_of(Autoencoder, model), task_of(Autoencoder, twin, **options)
        for _ in range(3):
            torch.testing.assert_close(whole.step((inputs, None)), parts.step((inputs, None)))
    finally:
        torch.set_num_threads(threads)
    torch.testing.assert_close(list(model.parameters()), list(twin.parameters()))


def test_replicas_use_every_module_of_the_task():
    class Two(Task):
        def __init__(self, model, head, **options):
            parameters = [*model.parameters(), *head.parameters()]
            super().__init__(model, torch.optim.SGD(parameters, lr=0.1), **options)
            self.head, self.first = head, model[0]

        def loss(self, batch):
            inputs, labels = batch
            return F.cross_entropy(self.head(self.model(inputs)) + self.first(inputs)[:, :2], labels)

    inputs, labels = data()
    ends = []
    for options in ({}, {"replicas": 2}):
        torch.manual_seed(1)
        head = nn.Linear(6, 2)
        task = Two(network(), head, **options)
        for _ in range(3):
            task.step((inputs, labels))
        ends.append([*task.model.parameters(), *head.parameters()])
    torch.testing.assert_close(*ends)


def test_validation_is_the_tasks_own_loss_beside_what_is_known_by_its_name():
    inputs, labels = data()
    task = task_of(Supervised, network(2), loss=focal, measure=classification)
    measured = evaluate(task, Batches(inputs, labels, size=7))
    outputs = task.predict(inputs)
    assert measured["loss"] == pytest.approx(focal(outputs, labels).item(), rel=1e-5)
    assert measured["cross_entropy"] == pytest.approx(F.cross_entropy(outputs, labels).item(), rel=1e-5)
    assert measured["loss"] < measured["cross_entropy"] / 2
    # The same function as the one that a step makes smaller.
    assert task.step((inputs, labels))["loss"].item() == pytest.approx(measured["loss"], rel=1e-5)


class Noisy(Supervised):
    """Sees pictures as bytes, and has a loss of its own."""

    def loss(self, batch):
        inputs, labels = batch
        return F.cross_entropy(self.model(inputs), labels, label_smoothing=0.3)


def test_an_overridden_loss_is_what_is_validated():
    inputs, labels = data()
    task = task_of(Noisy, network(2), measure=classification)
    measured = task.evaluate(Batches(inputs, labels, size=60))
    outputs = task.predict(inputs)
    smooth = F.cross_entropy(outputs, labels, label_smoothing=0.3).item()
    assert measured["loss"] == pytest.approx(smooth) and measured["cross_entropy"] != pytest.approx(smooth)
    assert task.evaluate(Batches(inputs, labels, size=7))["loss"] == pytest.approx(smooth, rel=1e-5)


def test_dropout_is_off_while_a_loss_of_ones_own_is_validated():
    model = nn.Sequential(network(), nn.Dropout(0.9))
    inputs = data()[0]
    task = task_of(Autoencoder, model)
    model.train()
    first = task.evaluate([(inputs, None)])
    assert first == task.evaluate([inputs]) and not model.training


def test_an_overridden_step_has_its_effect_in_fit_and_tuning(tmp_path, monkeypatch):
    """The house's second stumble: inputs that only `step` can put right."""
    steps = []

    class Own(Supervised):
        def step(self, batch):
            inputs, labels = batch
            steps.append(len(inputs))
            return super().step((inputs.flatten(1)[:, :6], labels))

        def predict(self, inputs):
            return super().predict(inputs.flatten(1)[:, :6])

        def check(self, batches, batch):
            pass

    monkeypatch.setattr(autotune, "LONG", 0.0)
    monkeypatch.setattr(autotune, "SECONDS", 0.05)
    monkeypatch.setattr(autotune, "UNCLEAR", 0.05)
    choice = Choice("cpu", "float32", 2, "a test", peak=100.0)
    run = Run.create("own", folder=tmp_path, choice=choice, tune=True)
    dataset = load("digits")
    model = network(10)
    task = Own(model, torch.optim.Adam(model.parameters(), lr=0.01), measure=classification, choice=choice)
    threads = torch.get_num_threads()
    try:
        fit(run, task, dataset, dataset.batches("train", size=100), epochs=2)
    finally:
        torch.set_num_threads(threads)
    assert run.tuned and len(steps) > task.steps == 26
    assert run.entries()[-1]["epoch"] == 2 and run.entries()[-1]["valid_count"] == 269


def test_a_task_with_a_step_alone_is_measured_without_a_loss():
    class Still(Task):
        def step(self, batch):
            self.steps += 1
            return {"wrong": torch.tensor(0.5)}

    inputs, labels = data()
    task = task_of(Still, network(2), measure=classification)
    reports = list(train(task, Batches(inputs, labels, size=30), epochs=2))
    assert reports[-1]["wrong"] == 0.5 and task.steps == 4
    assert task.evaluate(Batches(inputs, labels)).keys() == {"accuracy", "cross_entropy", "count"}
    with pytest.raises(NotImplementedError, match="Task has no loss; write: def loss"):
        task_of(Task, network()).step((inputs, labels))


def test_any_iterable_of_batches_is_evaluated():
    inputs, labels = data()
    task = task_of(Supervised, network(2), measure=classification)
    expected = evaluate(task, Batches(inputs, labels, size=60))
    loader = DataLoader(TensorDataset(inputs, labels), batch_size=7)
    for batches in (loader, [(inputs, labels)], iter(loader), [[inputs[:3], labels[:3]], (inputs[3:], labels[3:])]):
        assert evaluate(task, batches) == pytest.approx(expected)


def test_the_device_is_said_once():
    choice = Choice("cpu", "bfloat16", 2, "a test")
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(16, 2))
    task = task_of(Supervised, model, choice=choice)
    assert task.choice is choice and model[0].weight.is_contiguous(memory_format=torch.channels_last)
    batches = Batches(torch.randn(20, 3, 4, 4), torch.zeros(20, dtype=torch.int64), size=5, device="meta")
    list(train(task, batches))
    assert batches.device == torch.device("cpu")
    # Without a choice it is where the model is.
    elsewhere = nn.Linear(2, 2, device="meta")
    assert task_of(Supervised, elsewhere).choice.device == "meta"
    assert task_of(Supervised, nn.Linear(2, 2)).choice.number_format == "float32"


def test_everything_that_is_asked_of_a_task_is_a_member_with_a_default():
    task = task_of(Autoencoder, network())
    for name in ("steps", "choice", "processes", "divisible", "in_parts", "targets", "flops", "learning_rate"):
        assert name in dir(Task) or name in vars(task)
    assert task.learning_rate == 0.1 and task.targets == "labels" and task.modules() == {"model": task.model}
    assert dataclasses.is_dataclass(task.choice) and task.divisible and task.in_parts
