import copy
import random
from dataclasses import replace

import pytest
import torch
from torch import nn

from torchbook import Adversarial, Batches, Run, Supervised, train
from torchbook.device import Choice
from torchbook.recipes import resume, start
from torchbook.training import autotune

pytestmark = pytest.mark.proven

CHOICE = Choice("cpu", "float32", 2, "a test", peak=100.0)


def parts(choice=CHOICE, dropout=0.5, **options):
    torch.manual_seed(0)
    layers = [nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3)]
    model = nn.Sequential(*layers[:3], *([nn.Dropout(dropout)] if dropout else []), layers[3])
    batches = Batches(torch.randn(600, 6), torch.randint(0, 3, (600,)), size=256, shuffle=True)
    return Supervised(model, torch.optim.Adam(model.parameters(), lr=0.01), choice=choice, **options), batches


@pytest.fixture
def timed(monkeypatch):
    """A trial whose seconds are those of a made-up machine, and the ways that it tried."""
    tried = []

    def machine(seconds):
        measure = autotune._seconds

        def told(task, batch, way):
            measure(task, batch, way)
            tried.append(way)
            return float(seconds(*way))

        monkeypatch.setattr(autotune, "_seconds", told)
        monkeypatch.setattr(autotune, "SECONDS", 0.01)
        monkeypatch.setattr(autotune, "UNCLEAR", 0.5)
        return tried

    return machine


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (lambda threads, replicas, size: threads * size, (1, 1, 64)),
        (lambda threads, replicas, size: 300 - size - threads, (2, 1, None)),  # as it is
        (lambda threads, replicas, size: 1.0 if size == 128 else 2.0, (2, 1, 128)),
        (lambda threads, replicas, size: 1.0 if threads == 1 else 1.05, (2, 1, None)),  # not worth it
        (lambda threads, replicas, size: 1.0 if replicas == 2 and size == 128 else 2.0, (2, 2, 128)),
    ],
)
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_the_fastest_way_is_taken_and_said(seconds, expected, dropout, timed, tmp_path):
    tried = timed(seconds)
    run = Run.create("test", folder=tmp_path, choice=CHOICE, tune=True)
    task, batches = parts(dropout=dropout)
    threads = torch.get_num_threads()
    try:
        autotune.tune(run, task, batches, epochs=10)
    finally:
        torch.set_num_threads(threads)
    ways = {(threads, 1, size) for threads in (1, 2) for size in (64, 128, 256)}
    if dropout:
        # Replicas would draw random numbers in any order.
        expected = (2, 1, None) if expected[1] == 2 else expected
    else:
        ways |= {(2, 2, 64), (2, 2, 128)}
    assert set(tried) == ways
    kept = Run.open(run.path).choice
    assert (kept.threads, kept.replicas, kept.micro_batch) == expected
    assert (task.replicas, task.micro_batch) == expected[1:]
    assert (kept == CHOICE) == (expected == (2, 1, None))
    assert Run.open(run.path).tuned.endswith("times as fast")
    assert kept == CHOICE or "times as fast" in kept.reason
    assert expected[1] == 1 or "2 replicas and 128 examples at a time measured" in kept.reason


def test_nothing_is_disturbed(timed, tmp_path):
    timed(lambda threads, replicas, size: threads * size)
    task, batches = parts()
    next(iter(batches))
    place, numbers, threads = batches.state_dict(), torch.get_rng_state(), torch.get_num_threads()
    before = copy.deepcopy(task.state_dict())
    assert autotune._fastest(task, batches, 1000, CHOICE) is not None
    assert batches.state_dict() == place and torch.equal(torch.get_rng_state(), numbers)
    assert torch.get_num_threads() == threads
    assert all(torch.equal(value, before["model"][name]) for name, value in task.model.state_dict().items())
    assert task.optimizer.state_dict()["state"] == {} and all(p.grad is None for p in task.model.parameters())


def test_short_trainings_and_what_others_chose_are_left_alone(timed, tmp_path):
    tried = timed(lambda *way: 1e-9)
    task, batches = parts()
    assert autotune._fastest(task, batches, 10, CHOICE) is None and len(tried) == 2
    tried.clear()
    for options in ({"choice": replace(CHOICE, peak=None), "tune": True}, {"choice": CHOICE}):
        run = Run.create("test", folder=tmp_path, **options)
        autotune.tune(run, task, batches, epochs=1)
        assert not tried and task.micro_batch is None and run.tuned == ""


def test_a_micro_batch_that_is_asked_for_stays(timed, tmp_path):
    tried = timed(lambda threads, replicas, size: 100 * threads + size)
    task, batches = parts(dropout=0.0, micro_batch=100)
    found, _ = autotune._fastest(task, batches, 10, CHOICE)
    assert set(tried) == {(2, 1, 100), (1, 1, 100), (2, 2, 100)} and found.threads == 1 and found.micro_batch is None


def test_replicas_that_are_asked_for_stay(timed, tmp_path):
    tried = timed(lambda threads, replicas, size: 100 * threads + size)
    task, batches = parts(dropout=0.0, replicas=2)
    found, _ = autotune._fastest(task, batches, 10, CHOICE)
    assert set(tried) == {(threads, 2, size) for threads in (1, 2) for size in (64, 128)}
    assert (found.threads, found.replicas, found.micro_batch) == (1, 2, 64)


def test_a_resume_uses_what_was_found(timed, tmp_path, monkeypatch):
    tried = timed(lambda threads, replicas, size: threads * size)
    monkeypatch.setattr("torchbook.run.choose", lambda: CHOICE)
    threads = torch.get_num_threads()

    class Stop(Exception):
        pass

    def stop(run, report, steps):
        if steps is None and report.epoch == 1:
            raise Stop

    arguments = {"epochs": 2, "batch_size": 256, "hidden": (16,)}
    with pytest.raises(Stop):
        start("mlp", arguments, name="stopped", folder=tmp_path, show=stop, tune=True)
    tried.clear()
    whole = start("mlp", arguments, name="whole", folder=tmp_path, tune=True)
    assert tried and torch.get_num_threads() == threads
    tried.clear()
    resume(tmp_path / "stopped")
    assert not tried and torch.get_num_threads() == threads
    first, second = (Run.open(tmp_path / name) for name in ("whole", "stopped"))
    assert first.choice == second.choice and first.choice.micro_batch == 64 and whole["run"] == str(first.path)
    for name, value in first.weights().items():
        assert torch.equal(value, second.weights()[name])


def opponents():
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 6))
    generator.latent = 4
    first = nn.utils.parametrizations.spectral_norm(nn.Linear(6, 16))
    discriminator = nn.Sequential(first, nn.Dropout(0.2), nn.ReLU(), nn.Linear(16, 1), nn.Flatten(0))
    optimizers = [torch.optim.Adam(one.parameters(), lr=0.001) for one in (generator, discriminator)]
    batches = Batches(torch.randn(600, 6), size=64, shuffle=True)
    return Adversarial(generator, discriminator, *optimizers, choice=CHOICE), batches


@pytest.mark.parametrize(("alone", "expected"), [(1.0, 1), (1.95, 2), (3.0, 2)])
def test_a_gan_tries_out_threads_and_goes_on_as_if_it_had_not(alone, expected, tmp_path, monkeypatch):
    measure = autotune._seconds

    def told(task, batch, way):
        measure(task, batch, way)
        return alone if way.threads == 1 else 2.0

    monkeypatch.setattr(autotune, "_seconds", told)
    monkeypatch.setattr(autotune, "SECONDS", 0.01)
    monkeypatch.setattr(autotune, "UNCLEAR", 0.02)
    threads = torch.get_num_threads()
    run = Run.create("test", folder=tmp_path, choice=CHOICE, tune=True)
    torch.set_num_threads(2)
    tried, plain = opponents(), opponents()
    try:
        torch.manual_seed(1)
        autotune.tune(run, *tried, epochs=2)
        assert torch.get_num_threads() == expected == Run.open(run.path).choice.threads
        torch.set_num_threads(2)
        losses = [list(train(*tried, epochs=2))]
        torch.manual_seed(1)
        losses.append(list(train(*plain, epochs=2)))
    finally:
        torch.set_num_threads(threads)
    assert [report["generator_loss"] for report in losses[0]] == [report["generator_loss"] for report in losses[1]]
    first, second = (task.averaged.state_dict() for task, _ in (tried, plain))
    assert all(torch.equal(value, second[name]) for name, value in first.items())
    assert ("1 thread measured 2.0 times" in run.tuned) == (expected == 1)


def test_a_short_training_of_a_gan_tries_nothing(monkeypatch):
    monkeypatch.setattr(autotune, "_seconds", lambda task, batch, way: 1.0)
    assert autotune._fastest(*opponents(), 10, CHOICE) is None


@pytest.mark.parametrize(("gain", "noise", "taken"), [(1.4, 0.1, True), (1.02, 0.1, False), (1.05, 0.02, False)])
def test_noise_decides_nothing(gain, noise, taken, timed):
    """Two fresh homes decide alike: a gain that is not sure is never taken, whatever a single round says."""
    for seed in range(5):
        draws = random.Random(seed)
        timed(lambda threads, *_, draws=draws: (gain if threads == 2 else 1.0) * draws.uniform(1, 1 + noise))
        task, batches = parts(micro_batch=256)
        _, words = autotune._fastest(task, batches, 1000, CHOICE)
        assert words.startswith("1 thread") == taken, words


def test_a_step_of_ones_own_is_what_is_timed(timed):
    """The trial goes through `step`, so it fails on nothing that `step` would have put right."""
    tried = timed(lambda threads, replicas, size: 1.0)

    class Own(Supervised):
        def step(self, batch):
            names, labels = batch
            return super().step((names["pixels"] if isinstance(names, dict) else names.float() / 255, labels))

    task, _ = parts(dropout=0.0)
    own = Own(task.model, task.optimizer, choice=CHOICE)
    batches = Batches(torch.randint(0, 255, (600, 6), dtype=torch.uint8), torch.randint(0, 3, (600,)), size=256)
    assert autotune._fastest(own, batches, 1000, CHOICE) is not None and tried
