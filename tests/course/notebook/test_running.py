"""A function of a lesson runs in place or in a worker, and says the same."""

import contextlib
import textwrap

import marimo
import psutil
import pytest
import torch
import waiting

from torchbook.course.notebook import live
from torchbook.course.notebook.border import packed
from torchbook.course.notebook.elsewhere import PERFORM
from torchbook.course.notebook.running import LiveCard
from torchbook.course.workers import processes
from torchbook.course.workers.conversation import begin
from torchbook.errors import TorchbookError

LESSON = """
import marimo

app = marimo.App()

with app.setup:
    import os
    import time

    import torch

STEP = 0.5


@app.function
def descend(start, epochs):
    w = start
    for epoch in range(epochs):
        w -= STEP * w
        yield {"progress": (epoch + 1) / epochs, "loss": float((w * w).sum()), "w": w}


@app.function
def for_ever():
    yield {"pid": os.getpid()}
    while True:
        pass


@app.function
def fails():
    yield {"loss": 1.0}
    print("before")
    return [][1]


@app.function
def dies():
    yield {"loss": 1.0}
    os._exit(3)


@app.function
def no_dict():
    yield 3


@app.cell
def _():
    raise AssertionError("a cell runs")
"""


@pytest.fixture
def lesson(tmp_path):
    file = tmp_path / "90_own.py"
    file.write_text(textwrap.dedent(LESSON))
    return file


@pytest.fixture
def run(lesson):
    """Runs a function of the lesson in a worker, to its end or until `until(card)`, when it is stopped."""

    def run(function, *, until=None, **arguments):
        content = packed(arguments, "the arguments")
        card = LiveCard(
            function, begin({"call": PERFORM, "lesson": str(lesson), "function": function, "arguments": content})
        )
        thread = marimo.Thread(target=card.follow)
        thread.start()
        waiting.until(lambda: not thread.is_alive() or (until and until(card)), 120)
        if thread.is_alive():
            card.stop()
            waiting.until(lambda: not thread.is_alive())
        return card

    return run


def descend(start, epochs):
    w = start
    for epoch in range(epochs):
        w -= 0.5 * w
        yield {"progress": (epoch + 1) / epochs, "loss": float((w * w).sum()), "w": w}


def said(reports):
    return [{key: value.tolist() if key == "w" else value for key, value in report.items()} for report in reports]


def test_in_place_and_in_a_worker_the_reports_are_the_same(run):
    start = torch.tensor([4.0, 8.0])
    here = live(descend, start=start, epochs=3)
    there = run("descend", start=start, epochs=3)
    assert said(here.reports) == said(there.reports)
    # Each report is a copy of its moment, though the function changes its tensor in place; so is what was given.
    assert [report["w"].tolist() for report in here.reports] == [[2, 4], [1, 2], [0.5, 1]]
    assert start.tolist() == [4, 8]
    assert here.finished and there.finished and there.status == "finished"
    assert there.count == 3 and there.progress == 1.0 and there.latest == {"loss": "1.25"}


def test_an_endless_function_is_ended(run):
    card = run("for_ever", until=lambda card: card.reports)
    assert card.status == "stopped" and not card.finished and len(card.reports) == 1
    with contextlib.suppress(psutil.NoSuchProcess):  # it may end at any moment
        process = psutil.Process(card.reports[0]["pid"])
        waiting.until(lambda: process.status() == psutil.STATUS_ZOMBIE)


def test_an_exception_is_told_with_its_line(run):
    card = run("fails")
    assert card.status == "failed" and not card.finished and len(card.reports) == 1
    assert card.message.startswith("IndexError: list index out of range in line ") and "return [][1]" in card.message
    assert card.printed == "before\n"


def test_a_worker_that_dies_is_told(run):
    card = run("dies")
    assert card.status == "failed" and "ended before it was done" in card.message and len(card.reports) == 1


def test_a_function_that_is_not_at_the_top_level_and_reports_that_are_no_dicts(run):
    assert "90_own.py has no function 'hidden' at its top level" in run("hidden").message
    assert "yields dicts, got 3" in run("no_dict").message
    with pytest.raises(TorchbookError, match="yields dicts, got 3"):
        live(lambda: iter([3]))


def test_a_wrong_argument_is_told(run):
    assert "unexpected keyword argument 'epoch'" in run("descend", start=torch.ones(1), epoch=3).message
    with pytest.raises(TorchbookError, match=r"the arguments\['function'\] is a builtin_function"):
        live(descend, function=print)


@pytest.mark.slow
def test_a_waiting_worker_does_the_same(run, monkeypatch):
    monkeypatch.setattr(processes, "FORKS", False)
    try:
        assert len(run("descend", start=torch.ones(2), epochs=3).reports) == 3
        assert run("for_ever", until=lambda card: card.reports).status == "stopped"
        assert run("dies").status == "failed"
    finally:
        processes._spare.close()
        processes._spare.process = None


def test_a_run_in_place_can_be_written_down():
    text = live(descend, start=torch.ones(1), epochs=2)._repr_markdown_()
    assert "`descend` gave 2 reports" in text and "| loss | 0.0625 |" in text
