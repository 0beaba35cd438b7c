"""What the reader does to a picture reaches Python and comes back, whatever the cells of the lesson compute."""

import queue
import threading
from pathlib import Path

import pytest
import torch
import traitlets
from waiting import until

from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.pictures import surroundings
from torchbook.course.pictures.picture import Picture
from torchbook.course.runtime.lesson_worker import hold
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.picture_stage import Stage, decoded, encoded
from torchbook.course.runtime.snapshot import text_of
from torchbook.course.texts.document import parsed, read_document

LINE = (
    "```python hidden\nimport time\n\nfrom torchbook.course.pictures.line import Line\n\n"
    "made = []\nline = Line(([0.0, 1.0, 2.0], [1.0, 3.0, 5.0]))\n```\n\n"
)
HEAD = "---\ntitle: T\nline: L\n---\n\n::: slider a, 0, 9, value=1\n\n"


class Knob(Picture):
    """A picture without files: `turned` goes up to 10, and what comes in is sent back."""

    _esm = ""

    turned = traitlets.Int(0).tag(sync=True)
    far = traitlets.Bool(False).tag(sync=True)
    data = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(lambda _, content, buffers: self.send({"back": content}, [bytes(reversed(b)) for b in buffers]))

    @traitlets.validate("turned")
    def _at_most(self, proposal):
        return min(10, proposal.value)

    @traitlets.observe("turned")
    def _follow(self, change):
        self.far = change.new > 5


def test_bytes_travel_wherever_they_stand():
    value = {"runs": [{"data": b"\x00\xff", "steps": (1, 2)}], "empty": {}}
    assert decoded(encoded(value)) == {"runs": [{"data": b"\x00\xff", "steps": [1, 2]}], "empty": {}}


@pytest.fixture
def stage():
    """A stage with what it has sent, `sent`, and the pictures that have changed, `touched`."""
    sent, touched = queue.SimpleQueue(), []
    made = Stage(sent.put, touched.append, page={"v": {"turned": 0, "far": False}}, moved={"w": {"turned": 4}})
    made.sent, made.was_touched = sent, touched
    return made


def test_only_what_the_page_does_not_have_is_sent(stage):
    knob = Knob()
    assert not stage.put("v", knob)
    assert stage.news() == {"v": {"state": {"alternative": "", "data": {}, "place": ""}, "turn": 0, "custom": []}}
    stage.hear({"picture": "v", "turn": 1, "state": {"turned": 3}})
    assert stage.sent.get(timeout=20) == {"v": {"state": {}, "turn": 1, "custom": []}}
    stage.hear({"picture": "v", "turn": 2, "state": {"turned": 99}})
    assert stage.sent.get(timeout=20) == {"v": {"state": {"far": True, "turned": 10}, "turn": 2, "custom": []}}
    assert knob.turned == 10 and knob in stage.was_touched
    knob.data = {"bytes": b"ab"}
    assert stage.sent.get(timeout=20)["v"]["state"] == {"data": {"bytes": {"base64": "YWI="}}}


def test_custom_messages_go_both_ways_with_their_bytes(stage):
    stage.put("v", Knob())
    stage.news()
    stage.hear({"picture": "v", "turn": 1, "custom": {"do": "it"}, "buffers": ["YWI="]})
    assert stage.sent.get(timeout=20)["v"]["custom"] == [({"back": {"do": "it"}}, ["YmE="])]


def test_what_the_reader_has_set_outlives_the_picture(stage):
    assert stage.put("w", Knob())
    assert stage.places["w"].picture.turned == 4
    first = stage.places["w"].picture
    stage.put("w", Knob())
    assert stage.places["w"].picture.turned == 4 and first.comm is None
    stage.put("w", Knob(turned=7))
    assert stage.places["w"].picture.turned == 7  # it was made with another value


def test_what_is_said_of_a_picture_that_is_not_made_yet_waits_for_it(stage):
    stage.hear({"picture": "later", "turn": 1, "state": {"turned": 2}})
    until(lambda: "later" in stage.wanted)
    knob = Knob()
    stage.put("later", knob)
    until(lambda: knob.turned == 2)


def test_what_is_said_while_a_picture_is_put_in_its_place_comes_after_it(stage):
    begun, goes_on = threading.Event(), threading.Event()

    class Slow(Knob):
        _esm = ""

        @traitlets.validate("turned")
        def _at_most(self, proposal):
            if proposal.value == 4:
                begun.set()
                goes_on.wait(60)
            return proposal.value

    knob = Slow()
    putting = threading.Thread(target=stage.put, args=("w", knob))
    putting.start()
    assert begun.wait(60)
    stage.hear({"picture": "w", "turn": 1, "state": {"turned": 2}})
    until(lambda: stage.places["w"].moved["turned"] == 2)
    goes_on.set()
    putting.join()
    until(lambda: knob.turned == 2)


def test_what_uses_a_picture_follows_it_but_not_what_makes_it_or_shows_it():
    body = (
        "::: picture line\n\n```python\nmade.append(line.loss + a)\nlen(made)\n```\n\nIt is {{ line.slope }}.\n\n"
        "```python\nfar = 1\n```"
    )
    session = LiveSession(parsed(HEAD + LINE + body, Path("07_made.md")))
    line, fragment = session.names["line"], session.fragments["top-v1"]
    line.set_state({"slope": 2.0, "intercept": 1.0})
    assert session.touch(line) == ("top-c2", "top-p1")
    assert session.names["line"] is line and session.fragments["top-v1"] is fragment
    assert session.fragments["top-c2"].value == "2" and session.fragments["top-p1"].values == ("2",)
    assert line.loss == 0
    assert session.move(a=2) == ("top-c2",) and session.names["line"] is line


def test_what_has_used_a_picture_before_the_readers_changes_were_known_follows():
    body = "It is {{ line.slope }}.\n\n::: picture line"
    document = parsed(HEAD + LINE.replace("[1.0, 3.0", "[a, 3.0") + body, Path("07_made.md"))

    def place(id, picture):
        picture.set_state({"slope": 5.0})
        return True

    session = LiveSession(document, place=place)
    assert session.fragments["top-p1"].values == ("5",)
    session.move(a=2)
    assert session.fragments["top-p1"].values == ("5",)


def test_what_ran_before_its_picture_was_placed_follows_the_readers_changes_after_a_reload():
    body = "::: picture line\n\nIt is {{ line.slope }} at {{ a }}.\n\n```python\nmade.append(line.slope)\n```"
    document = parsed(HEAD + LINE + body, Path("07_made.md"))

    def place(id, picture):
        picture.set_state({"slope": 5.0})
        return True

    session = LiveSession(document, place=place, at_once=False)
    session.move(a=2)
    line = session.names["line"]
    while session.proceed():
        pass
    assert session.fragments["top-p1"].values == ("5", "2") and session.names["line"] is line
    session.move(a=3)
    assert session.fragments["top-p1"].values == ("5", "3") and session.names["line"] is line
    assert session.names["made"] == [5.0], "what follows the picture has run once"


def test_a_picture_that_is_waited_for_comes_first():
    body = "```python\nslow = made.append('slow')\n```\n\n::: picture line\n\n```python\nmade\n```"
    session = LiveSession(parsed(HEAD + LINE + body, Path("07_made.md")), wanted={"top-v1"})
    assert list(session.fragments) == ["top-c1", "top-v1", "top-c2", "top-c3"]
    assert session.fragments["top-c3"].value == "['slow']"


def test_the_code_that_makes_a_name_is_told():
    source = "```python\nb = a + 1\n```\n\n```python\nunused = 3\n```\n\n```python\ndef f():\n    return b\n```"
    session = LiveSession(parsed(HEAD + source, Path("07_made.md")))
    names = {}
    exec(session.source_of("f"), names)
    assert names["f"]() == 2 and "unused" not in names


class Left(Exception):
    """The page has gone."""


def test_a_picture_answers_while_a_cell_computes(tmp_path):
    ends = tmp_path / "the cell ends"
    source = f"from pathlib import Path\n\nwhile a > 1 and not Path({str(ends)!r}).exists():\n    pass"
    busy = f"```python\n{source}\n```\n"
    file = tmp_path / "07_busy.md"
    file.write_text(f"{HEAD}{LINE}::: picture line\n\n{busy}")
    document = read_document(file)
    file.with_suffix(".json").write_text(text_of(fresh_state(document)))
    heard, answers, left = queue.SimpleQueue(), queue.SimpleQueue(), threading.Event()

    def send(message):
        answers.put(message)
        if left.is_set():
            raise Left

    def work():
        with pytest.raises(Left):
            hold({"document": str(file)}, send, iter(heard.get, None))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()

    def answered(done):
        """The next message that is the one, and all before it."""
        messages = [answers.get(timeout=60)]
        while not done(messages[-1]):
            messages.append(answers.get(timeout=60))
        return messages

    answered(lambda message: message.get("number") == 0)
    heard.put({"controls": {"a": 2}, "number": 1})
    answered(lambda message: message.get("running") == "top-c2")  # it computes until it is told to end
    heard.put({"picture": "top-v1", "turn": 1, "state": {"slope": 2.0}})
    messages = answered(lambda message: message.get("pictures", {}).get("top-v1", {}).get("turn") == 1)
    assert "slope 2" in messages[-1]["pictures"]["top-v1"]["state"]["alternative"]
    assert not any("number" in message for message in messages)
    ends.touch()
    answered(lambda message: message.get("number") == 1)
    left.set()
    heard.put({"controls": {"a": 1}, "number": 2})
    worker.join(60)
    assert not worker.is_alive() and not surroundings.on_page()
    assert torch.is_grad_enabled()
