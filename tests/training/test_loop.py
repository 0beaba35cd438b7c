import math
import os
import signal
import threading
import weakref

import pytest
import torch
from torch import nn

from torchbook import Batches, Diverged, Run, Supervised, TorchbookError, classification, evaluate, train


def parts(*, dropout=0.2, learning_rate=0.01, seed=0):
    generator = torch.Generator().manual_seed(5)
    inputs = torch.randn(60, 8, generator=generator)
    batches = Batches(inputs, (inputs.sum(1) > 0).long(), size=16, shuffle=True, seed=seed)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Dropout(dropout), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    return Supervised(model, optimizer, measure=classification), batches


def test_a_report_after_each_epoch():
    task, batches = parts()
    reports = list(train(task, batches, epochs=3))
    assert [(report.epoch, report.step, report.samples) for report in reports] == [(1, 4, 60), (2, 8, 60), (3, 12, 60)]
    assert reports[-1]["loss"] < reports[0]["loss"]
    assert reports[0].seconds < reports[1].seconds and reports[0].learning_rate == 0.01


def test_a_report_every_so_many_steps_and_at_the_end():
    task, batches = parts()
    assert [report.step for report in train(task, batches, epochs=3, every=5)] == [5, 10, 12]


def test_the_loss_is_the_mean_over_samples():
    task, batches = parts(dropout=0)
    sums = []
    step = task.step
    task.step = lambda batch: (
        sums.append((step(batch)["loss"].item(), len(batch[0]))) or {"loss": torch.tensor(sums[-1][0])}
    )
    (report,) = train(task, batches, epochs=1)
    assert report["loss"] == pytest.approx(sum(loss * count for loss, count in sums) / 60)


def test_nothing_of_a_step_stays_in_memory():
    task, batches = parts()
    step, losses = task.step, []

    def watched(batch):
        assert not any(loss() is not None for loss in losses[:-1])
        measures = step(batch)
        losses.append(weakref.ref(measures["loss"]))
        return measures

    task.step = watched
    for _ in train(task, batches, epochs=2):
        pass
    assert len(losses) == 8


def test_leaving_the_loop_ends_training():
    task, batches = parts()
    for report in train(task, batches, epochs=100):
        if report.epoch == 2:
            break
    assert task.steps == 8


def test_random_numbers_of_the_loop_do_not_change_training():
    quiet, noisy = parts(), parts()
    for _ in train(*quiet, epochs=3):
        pass
    torch.manual_seed(7)
    drawn = []
    for _ in train(*noisy, epochs=3):
        drawn.append(torch.rand(5))
    assert all(torch.equal(a, b) for a, b in zip(quiet[0].model.parameters(), noisy[0].model.parameters(), strict=True))
    torch.manual_seed(7)
    assert all(torch.equal(numbers, torch.rand(5)) for numbers in drawn)


def test_patience_is_the_readers_own_break(tmp_path):
    task, batches = parts(learning_rate=1e-12)
    run = Run.create("own", folder=tmp_path)
    for report in train(task, batches, epochs=50, run=run):
        run.log(report, evaluate(task, batches))
        if run.epochs_since_best >= 3:
            break
    assert report.epoch == 4 and len(run.entries()) == 4


def test_the_best_weights_are_kept(tmp_path):
    task, batches = parts()
    run = Run.create("own", folder=tmp_path)
    values = iter([0.5, 0.9, 0.7, 0.9])
    kept = []
    for report in train(task, batches, epochs=4, run=run):
        run.log(report, {"accuracy": next(values)})
        kept.append(run.weights()["model.0.weight"])
    assert torch.equal(kept[1], kept[3]) and not torch.equal(kept[0], kept[1])
    assert run.best == 0.9 and run.epochs_since_best == 2


@pytest.mark.parametrize(("measure", "best"), [("accuracy", 0.9), ("mse", 0.5)])
def test_what_is_no_number_is_never_the_best(tmp_path, measure, best):
    task, batches = parts()
    run = Run.create("own", folder=tmp_path)
    values = iter([math.nan, 0.5, math.nan, 0.9, math.inf, math.nan])
    for report in train(task, batches, epochs=6, run=run):
        run.log(report, {measure: next(values)})
        assert run.weights() and (report.epoch > 1 or run.best is None)
    assert run.best == best and run.epochs_since_best == (2 if measure == "accuracy" else 4)


@pytest.mark.parametrize("with_run", [False, True])
def test_a_loss_that_is_no_number_stops_with_advice(tmp_path, with_run):
    task, batches = parts()
    step = task.step

    def breaks_at_six(batch):
        measures = step(batch)
        if task.steps == 6:
            torch.nn.utils.vector_to_parameters(torch.full((386,), float("nan")), task.model.parameters())
            return {"loss": torch.tensor(float("nan"))}
        return measures

    task.step = breaks_at_six
    run = Run.create("own", folder=tmp_path) if with_run else None
    with pytest.raises(Diverged, match=r"became nan at step 6 \(epoch 2\); try a learning rate"):
        for report in train(task, batches, epochs=9, run=run):
            if run:
                run.log(report, {"accuracy": 0.1})
    if run:
        assert all(torch.isfinite(p).all() for p in task.model.parameters())
        assert all(torch.isfinite(tensor).all() for tensor in run.weights().values())


@pytest.mark.parametrize(
    ("arguments", "clips"), [({}, True), ({"learning_rate": 0.1}, False), ({"clip_norm": 5.0}, True)]
)
def test_a_recipe_is_advised_only_the_options_that_it_has(tmp_path, arguments, clips):
    task, batches = parts()
    task.step = lambda batch: {"loss": torch.tensor(float("inf"))}
    run = Run.create("own", arguments, folder=tmp_path)
    with pytest.raises(Diverged, match="ten times smaller") as caught:
        next(train(task, batches, run=run))
    assert ("clip_norm" in str(caught.value)) is clips


@pytest.mark.parametrize("options", [{"epochs": 0}, {"epochs": 1, "every": 0}])
def test_no_epochs_are_refused(options):
    with pytest.raises(TorchbookError, match="must be 1 or more"):
        next(train(*parts(), **options))


@pytest.mark.parametrize("epoch", [1, 2, 4])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_body_of_the_loop_loses_nothing(tmp_path, epoch, number):
    task, batches = parts()
    run = Run.create("own", folder=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        for report in train(task, batches, epochs=4, run=run):
            if report.epoch == epoch:
                os.kill(os.getpid(), number)
            run.log(report)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    assert len(run.entries()) == epoch
    assert run.load_state()["task"]["steps"] == min(epoch * len(batches) + 1, 4 * len(batches))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_others_answer_or_ignore_stays_theirs(tmp_path, number):
    heard = []
    for handler in (signal.SIG_IGN, lambda *_: heard.append(number)):
        before = signal.signal(number, handler)
        try:
            task, batches = parts()
            run = Run.create("own", folder=tmp_path)
            for report in train(task, batches, epochs=3, run=run):
                if report.epoch == 1:
                    os.kill(os.getpid(), number)
                assert signal.getsignal(number) is handler
        finally:
            signal.signal(number, before)
        assert report.epoch == 3
    assert heard == [number]


def test_ctrl_c_after_an_error_in_the_body_is_the_usual_one(tmp_path):
    task, batches = parts()
    run = Run.create("own", folder=tmp_path)
    with pytest.raises(ZeroDivisionError) as kept:
        for report in train(task, batches, epochs=4, run=run):
            report.epoch / 0
    assert kept.tb is not None  # it keeps the generator alive
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        torch.zeros(1).sum()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_ends_the_step_and_saves(tmp_path):
    task, batches = parts()
    step = task.step

    def interrupted_at_six(batch):
        if task.steps == 5:
            os.kill(os.getpid(), signal.SIGINT)
        return step(batch)

    task.step = interrupted_at_six
    run = Run.create("own", folder=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        for report in train(task, batches, epochs=4, run=run):
            run.log(report)
    assert run.load_state()["task"]["steps"] == 6
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    run.close()
    whole, other = parts()
    for _ in train(whole, other, epochs=4):
        pass
    again, batches = parts()
    opened = Run.open(run.path)
    losses = []
    for report in train(again, batches, epochs=4, run=opened):
        opened.log(report)
        losses.append(report["loss"])
    assert all(torch.equal(a, b) for a, b in zip(whole.model.parameters(), again.model.parameters(), strict=True))
    assert len(opened.entries()) == 4


def test_it_runs_in_a_thread_too(tmp_path):
    task, batches = parts()
    run = Run.create("own", folder=tmp_path)
    worker = threading.Thread(target=lambda: list(train(task, batches, epochs=2, run=run)))
    worker.start()
    worker.join()
    assert task.steps == 8


def test_signs_of_life(tmp_path, monkeypatch):
    monkeypatch.setattr("torchbook.training.loop.SHOW_EVERY", 0.0)
    task, batches = parts()
    run = Run.create("own", folder=tmp_path)
    seen = []
    run.show = lambda run, report, steps: seen.append((report.step, steps))
    for report in train(task, batches, epochs=2, run=run):
        run.log(report)
    assert seen.count((4, None)) == seen.count((8, None)) == 1
    assert [step for step, steps in seen if steps == 8] == list(range(1, 9))
