import itertools
import json
import random
from dataclasses import replace

import pytest
import torch
from torch import nn

from torchbook import Batches, Supervised, speed, train
from torchbook.device import Choice, choose
from torchbook.home import home

CHOICE = Choice("cpu", "float32", 1, "a test", peak=100.0)


def known():
    (values,) = json.loads((home() / "machine.json").read_text()).values()
    return values


def test_what_was_measured_once_is_kept(monkeypatch):
    choose()
    before = known()
    monkeypatch.setattr(speed, "gflops", lambda *shape: pytest.fail("measured again"))
    assert choose().peak in before.values() and known() == before


def interleaved(gain, noise, seed):
    """A made-up machine: what a step takes in each format, with moments in which others use it."""
    draws = random.Random(seed)
    turn = iter(range(10**6))

    def seconds(work, device):
        busy = 3.0 if draws.random() < 0.15 else 1.0
        return busy * draws.uniform(1, 1 + noise) * (gain if next(turn) % 2 == 0 else 1.0)

    return seconds


@pytest.mark.parametrize(
    ("gain", "expected"), [(0.6, "float32"), (1.15, "float32"), (1.6, "bfloat16"), (4.0, "bfloat16")]
)
def test_fresh_homes_on_one_machine_decide_alike(gain, expected, monkeypatch, tmp_path):
    formats = set()
    for seed in range(20):
        monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path / str(seed)))
        monkeypatch.setattr(speed, "_seconds", interleaved(gain, 0.1, seed))
        monkeypatch.setattr(speed, "_step", lambda shape, device: lambda number_format: None)
        monkeypatch.setattr(speed, "gflops", lambda *shape: 100.0)
        formats.add(choose().number_format)
    assert formats == {expected}


def test_what_is_not_clear_is_decided_again_and_said(monkeypatch):
    monkeypatch.setattr(speed, "_step", lambda shape, device: lambda number_format: None)
    speed._write(speed._GAIN, None)
    assert speed.decided() == ""
    tries = []
    for _ in range(5):
        # Twice as fast in one round, as fast in the next.
        turn = itertools.cycle((2.0, 1.0, 1.0, 1.0))
        monkeypatch.setattr(speed, "_seconds", lambda work, device, turn=turn: next(turn))
        gain = speed.bfloat16_gain()
        tries.append(gain.tries)
        assert not gain.pays and not gain.is_clear and gain.rounds == speed.MOST_ROUNDS
        assert gain.measured in speed.decided() and "not clear, so float32" in speed.decided()
    assert tries == [1, 2, 3, 3, 3]
    speed._write(speed._GAIN, None)
    monkeypatch.setattr(speed, "_seconds", interleaved(2.0, 0.1, 1))
    first = speed.bfloat16_gain()
    monkeypatch.setattr(speed, "_gain", lambda shape: pytest.fail("measured again"))
    assert first.is_clear and speed.bfloat16_gain() == first and "not clear" not in speed.decided()


def test_the_higher_of_two_measurements_stays(monkeypatch):
    first = choose(number_format="float32").peak
    for factor, expected in ((0.5, 1.0), (2.0, 2.0), (1.5, 2.0)):
        monkeypatch.setattr(speed, "gflops", lambda *shape, factor=factor: first * factor)
        assert speed.peak("float32", again=True) == first * expected


def test_a_damaged_file_is_measured_anew():
    (home() / "machine.json").write_text("[]")
    assert speed.bfloat16_gain().median > 0
    (home() / "machine.json").write_text('{"x')
    assert speed.bfloat16_gain().median > 0


def test_the_operations_of_a_step_are_counted_and_compared_with_the_peak(tmp_path):
    from torchbook import Run

    model = nn.Sequential(nn.Conv2d(1, 4, 3, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), choice=CHOICE)
    batches = Batches(torch.randn(10, 1, 8, 8), torch.randint(0, 3, (10,)), size=5)
    run = Run.create("test", folder=tmp_path, choice=CHOICE)
    (report,) = train(task, batches, run=run)
    forward_convolution, forward_linear = 2 * 4 * 36 * 9, 2 * 4 * 36 * 3
    # The first layer needs no gradient for its inputs.
    operations = 2 * forward_convolution + 3 * forward_linear
    assert task.flops == {torch.Size([1, 8, 8]): operations}
    assert report.share_of_peak == pytest.approx(report.samples_per_second * operations / 100e9)
    # A speed above the peak says that the peak was measured on a busy machine.
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.1), choice=replace(CHOICE, peak=1e-9))
    (report,) = train(task, Batches(batches.inputs, batches.labels, size=5))
    assert report.samples_per_second > 0 and report.share_of_peak is None


def test_counting_changes_nothing():
    def trained(choice):
        torch.manual_seed(0)
        model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
        inputs, labels = torch.randn(20, 1, 8, 8), torch.randint(0, 3, (20,))
        task = Supervised(model, torch.optim.Adam(model.parameters(), lr=0.01), choice=choice)
        for _ in train(task, Batches(inputs, labels, size=5), epochs=2):
            pass
        return model.state_dict()

    plain = trained(Choice("cpu", "float32", 1, "a test"))
    assert all(torch.equal(value, plain[name]) for name, value in trained(CHOICE).items())
