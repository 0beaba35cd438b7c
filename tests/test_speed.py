import json

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
