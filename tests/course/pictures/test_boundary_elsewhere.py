"""The picture of a boundary on an open page: a process of its own trains, and ends with the picture."""

import os

import psutil
import pytest
from waiting import until

from torchbook.course.pictures import boundary_elsewhere, surroundings
from torchbook.course.pictures.boundary import Boundary
from torchbook.course.workers import processes

LESSON = """
import os

from torch import nn

HERE = {here}


class Line(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, points):
        return self.layer(points)


class WhereItRuns(Line):
    def forward(self, points):
        return 0 * self.layer(points) + (1.0 if os.getpid() == HERE else os.getpid())


class Endless(Line):
    def forward(self, points):
        while self.training:
            pass
        return self.layer(points)


class Stuck(Line):
    def __init__(self):
        while True:
            pass


class Failing(Line):
    def forward(self, points):
        if self.training:
            raise ValueError("not today")
        return self.layer(points)


class Dying(Line):
    def forward(self, points):
        if self.training:
            os._exit(3)
        return self.layer(points)


def three():
    return nn.Linear(2, 3)
"""


@pytest.fixture
def opened():
    """Makes pictures as on an open page whose document has the modules above; they are closed at the end."""
    source = LESSON.replace("{here}", str(os.getpid()))
    surroundings.use_source(lambda name: source)
    made = []

    def make(*arguments, module="", **options):
        named = type(module, (), {}) if module else None
        made.append(Boundary(*arguments, module=named, **options))
        return made[-1]

    with surroundings.page():
        yield make
    for picture in made:
        picture.close()


def asked(picture, **content):
    """What the page would send."""
    picture._on_message(picture, content, None)


def begun(picture):
    until(lambda: "weights" in picture.frame)
    return picture


def workers():
    """The processes that are forked from the server of workers."""
    server = processes._server.process
    children = psutil.Process(server.pid).children(recursive=True) if server and server.poll() is None else []
    return {one.pid for one in children if alive(one)}


def alive(process):
    """Whether it runs: it may end while it is looked at."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_elsewhere_it_does_the_same_as_here(opened, monkeypatch):
    there = begun(opened("moons", (3,), activation="tanh", seed=4))
    with monkeypatch.context() as patch:
        patch.setattr(surroundings, "on_page", lambda: False)
        here = Boundary("moons", (3,), activation="tanh", seed=4)
    for picture in (there, here):
        picture.advance(20)
        asked(picture, do="weight", layer=0, unit=2, source=1, value=4.5)
        asked(picture, do="step")
    until(lambda: there.steps == 21)
    assert there.frame == here.frame
    assert there.code == here.code and "4.5" in here.code
    assert there.alternative == here.alternative
    for picture in (there, here):
        picture.hidden = [3, 2]
    until(lambda: there.steps == 0 and there.before == here.before)  # which may come one after the other
    assert there.frame == here.frame
    assert len(here.before["curve"]) == 21
    for picture in (there, here):
        picture.set_trait("points", [[-1, 0, 0], [1, 0.5, 1], [2, 2, 1]])
        picture.figure = "own"
        picture.advance(5)
    until(lambda: there.steps == 5)
    assert there.frame == here.frame and there.still() == here.still()


def test_a_module_of_ones_own_runs_in_another_process(opened):
    picture = begun(opened("circles", module="WhereItRuns"))
    said = picture.frame["scale"] * 32767
    assert psutil.Process(round(said)).pid in workers()
    assert "your own module" in picture.alternative


def test_one_process_serves_all_changes_and_ends_with_the_picture(opened):
    before = workers()
    picture = begun(opened("circles", (4,)))
    until(lambda: workers() - before)
    [process] = workers() - before
    for rate in (0.1, 0.3):
        picture.learning_rate = rate
        asked(picture, do="step")
        until(lambda: picture.steps == 1)
        asked(picture, do="reset")
        until(lambda: picture.steps == 0)
    assert workers() - before == {process}
    picture.playing = True
    until(lambda: picture.steps > 20)
    picture.close()
    until(lambda: process not in workers())


def test_it_plays_pauses_and_the_words_follow(opened):
    picture = begun(opened("circles", (8,)))
    picture.playing = True
    until(lambda: picture.steps > 5)
    picture.playing = False
    steps = picture.steps
    asked(picture, do="step")
    until(lambda: picture.steps > steps and f"after {picture.steps} steps" in picture.alternative)
    asked(picture, do="break", how="zeros")
    until(lambda: picture.before.get("name") == "healthy" and picture.steps > 3)
    assert picture.start == "zeros" and picture.playing


def test_it_begins_at_once_and_trains_elsewhere(opened):
    before = workers()
    picture = opened("circles", (3,))
    assert picture.accuracy is not None and "accuracy" in picture.alternative.lower()
    picture.advance(4)
    until(lambda: picture.steps == 4)
    assert workers() - before


def test_an_endless_module_is_ended_and_the_picture_goes_on(opened, monkeypatch):
    before = workers()
    picture = begun(opened("circles", module="Endless"))
    [process] = workers() - before
    with monkeypatch.context() as patch:  # what answers on a slow machine has longer
        patch.setattr(boundary_elsewhere, "PATIENCE", 2.0)
        picture.playing = True
        until(lambda: picture.message)
    assert "no answer within 2 seconds, as if the module had a loop that never ends" in picture.message
    until(lambda: not picture.playing)
    until(lambda: process not in workers())
    picture.module = None
    until(lambda: picture.frame["widths"] == [2, 8, 1])
    assert picture.message == ""
    picture.advance(3)
    until(lambda: picture.steps == 3)


def test_a_module_that_is_closed_in_its_loop_ends(opened):
    before = workers()
    picture = opened("circles", module="Stuck")
    until(lambda: workers() - before)
    picture.close()
    until(lambda: not workers() - before)
    assert picture.message == ""


def test_a_module_that_raises_is_told_with_its_line_each_time(opened):
    picture = begun(opened("circles", module="Failing"))
    for _ in range(2):
        picture.playing = True
        until(lambda: picture.message)
        assert picture.message == 'ValueError: not today in: raise ValueError("not today")'
        until(lambda: not picture.playing)


@pytest.mark.parametrize(
    ("module", "told"),
    [("three", "one number for each point, or two"), ("hidden", "the lesson has no class or function 'hidden'")],
)
def test_a_module_that_cannot_be_shown_is_told(opened, module, told):
    picture = opened("circles", module=module)
    until(lambda: picture.message)
    assert told in picture.message
    asked(picture, do="step")
    until(lambda: told in picture.message)


def test_a_process_that_dies_is_told_and_replaced(opened):
    picture = begun(opened("circles", module="Dying"))
    asked(picture, do="step")
    until(lambda: picture.message)
    assert "it died" in picture.message
    picture.learning_rate = 0.5
    until(lambda: not picture.message and "lr=0.5" in picture.code)


@pytest.mark.slow
def test_a_waiting_worker_does_the_same(opened, monkeypatch):
    monkeypatch.setattr(processes, "FORKS", False)
    try:
        picture = begun(opened("circles", (2,)))
        until(lambda: picture.worker.conversation)
        process = picture.worker.conversation.process
        picture.advance(7)
        until(lambda: picture.steps == 7)
        assert process.poll() is None
        picture.close()
        until(lambda: process.poll() is not None)
    finally:
        processes._spare.close()
        processes._spare.process = None
