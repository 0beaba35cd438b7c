"""The line of a page to its worker, with a real one."""

import json
import subprocess
import sys

import psutil
import pytest
from starlette.websockets import WebSocketDisconnect
from waiting import until

from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.learner import study
from torchbook.course.runtime.snapshot import digest_of, file_of, text_of
from torchbook.course.texts.document import read_document
from torchbook.course.workers import processes

CODE = "import torch\n\nw = torch.ones(2)\ny = w"
ORIGIN = {"origin": "http://127.0.0.1:8008"}


def workers():
    """The processes that were forked for pages."""
    return {each.pid for each in psutil.Process().children(recursive=True)}


def heard(line, number):
    """The messages up to the answer to that one of the page, and all of their blocks, each its last."""
    messages = [line.receive_json()]
    while messages[-1].get("number", -1) < number:
        messages.append(line.receive_json())
    return messages, {id: html for message in messages for id, html in message["blocks"].items()}


def test_a_page_and_its_worker(client):
    before = workers()
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/09-autograd/live", headers=ORIGIN) as line:
        line.send_json({"controls": {"at_x": 1.5}, "number": 1})
        messages, blocks = heard(line, 1)
        assert "<strong>1.5</strong>" in blocks["you-have-to-ask-first-p7"]
        pictures = [message["pictures"].get("you-have-to-ask-first-v1", {}) for message in messages]
        assert any(picture.get("state", {}).get("runs") for picture in pictures)
        line.send_json(
            {"cell": "top-c1", "source": "import torch\n\nw = torch.ones(2)\ny = w\nprint('<b>')\nw", "number": 2}
        )
        _, blocks = heard(line, 2)
        assert "&lt;b&gt;" in blocks["top-c1"] and "tensor([1., 1.])" in blocks["top-c1"]
        line.send_json({"cell": "top-c1", "source": "import torch\nw = y = 1\nwhile True:\n    pass", "number": 3})
    until(lambda: len(workers() - before) <= 1)  # the one that forks stays


def test_what_a_cell_prints_is_there_while_it_runs(lessons, built, visit):
    source = "import time\n\nfor step in range(20):\n    print(step, end='\\r')\n    time.sleep(0.05)"
    file = lessons / "71_printed.md"
    file.write_text(f"---\ntitle: T\nline: L\n---\n\n```python\n{source}\n```\n")
    document = read_document(file)
    stored = {"document": digest_of(document), "fragments": {"top-c1": {"printed": "19"}}}
    file_of(document).write_text(json.dumps(stored))
    with (
        visit(built()) as client,
        client.websocket_connect("ws://127.0.0.1:8008/lessons/71-t/live", headers=ORIGIN) as line,
    ):
        line.send_json({"replaced": ["top-c1"], "number": 1})
        messages, blocks = heard(line, 1)
    steps = {message["blocks"]["top-c1"] for message in messages if message.get("running") == "top-c1"}
    assert len(steps) > 1 and all(block.count("<pre") == 1 and "\n" not in block for block in steps)
    assert ">19</pre>" in blocks["top-c1"]


def test_a_figure_in_the_place_of_a_picture_follows_its_control(lessons, built, visit):
    cell = (
        "```python hidden\nfrom matplotlib.figure import Figure\n\nfigure = Figure()\n"
        'axes = figure.subplots()\naxes.set_title(f"height {10 // height}")\n```'
    )
    file = lessons / "71_figure.md"
    file.write_text(
        f"---\ntitle: T\nline: L\n---\n\n::: slider height, 0, 9, value=1\n\n{cell}\n\n::: picture figure\n"
    )
    document = read_document(file)
    file_of(document).write_text(text_of(fresh_state(document)))
    with (
        visit(built()) as client,
        client.websocket_connect("ws://127.0.0.1:8008/lessons/71-figure/live", headers=ORIGIN) as line,
    ):
        assert 'aria-label="height 10"' in client.get("/lessons/71-figure/").text
        line.send_json({"controls": {"height": 2}, "number": 1})
        _, blocks = heard(line, 1)
        assert 'aria-label="height 5"' in blocks["top-v1"] and "<svg" in blocks["top-v1"]
        line.send_json({"controls": {"height": 0}, "number": 2})
        _, blocks = heard(line, 2)
        assert 'class="picture drawn waits" data-waits="top-c1"' in blocks["top-v1"] and "height 5" in blocks["top-v1"]


def test_a_worker_that_dies_says_so(client):
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/09-autograd/live", headers=ORIGIN) as line:
        line.send_json({})
        heard(line, 0)
        line.send_json({"cell": "top-c1", "source": "import os, torch\nw = y = os._exit(3)", "number": 1})
        message = line.receive_json()
        while "ended" not in message:
            message = line.receive_json()
        assert message == {"ended": 3}


def test_what_uses_an_answer_runs_again_when_it_has_passed(lessons, learner, built, visit):
    cell = (
        "```python hidden\nfrom torchbook.course.earlier import answer_of, is_passed\n```\n\n"
        '{{ is_passed("slopes_by_autograd") }} {{ answer_of("slopes_by_autograd").__name__ }}'
    )
    file = lessons / "71_used.md"
    file.write_text(f"---\ntitle: T\nline: L\n---\n\n{cell}\n")
    document = read_document(file)
    stored = {"document": digest_of(document), "fragments": {"top-p1": {"values": ["False", "slopes_by_autograd"]}}}
    file_of(document).write_text(json.dumps(stored))
    exercise = next(each for each in learner.exercises() if each.name == "slopes_by_autograd")
    with visit(built()) as client:
        assert 'data-answers="solutions"' in client.get("/lessons/71-used/").text
        with client.websocket_connect("ws://127.0.0.1:8008/lessons/71-used/live", headers=ORIGIN) as line:
            line.send_json({"number": 1})
            assert line.receive_json()["blocks"] == {}
            learner.answer(exercise).write_text(exercise.solution)
            study.check(learner, exercise)
            line.send_json({"passed": exercise.name, "number": 2})
            assert "True slopes_by_autograd" in heard(line, 2)[1]["top-p1"]
        assert 'data-answers="own"' in client.get("/lessons/71-used/").text


@pytest.fixture
def spawned(monkeypatch):
    """Workers are spawned, as on systems where a process with torch cannot be forked."""

    def close():
        processes._spare.close()
        processes._spare.process = None

    monkeypatch.setattr(processes, "FORKS", False)
    monkeypatch.setattr(processes._spare, "documents", False)
    close()
    yield monkeypatch
    close()


def test_a_page_waits_for_no_worker_that_is_spawned(client, spawned):
    asleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    spawned.setattr(processes, "_once", lambda documents: subprocess.Popen(asleep, stdin=subprocess.PIPE))
    text = client.get("/lessons/09-autograd/").text
    assert "</html>" in text and processes._spare.process.poll() is None and processes._spare.documents


@pytest.mark.slow
def test_a_worker_that_is_spawned_answers_a_page(client, spawned):
    assert "</html>" in client.get("/lessons/09-autograd/").text
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/09-autograd/live", headers=ORIGIN) as line:
        line.send_json({"controls": {"at_x": 1.5}, "number": 1})
        _, blocks = heard(line, 1)
        assert "<strong>1.5</strong>" in blocks["you-have-to-ask-first-p7"]


@pytest.mark.parametrize("number, origin", [("98", ORIGIN["origin"]), ("09", "http://evil.example")])
def test_who_has_no_worker(client, number, origin):
    address = f"ws://127.0.0.1:8008/lessons/{number}/live"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(address, headers={"origin": origin}) as line,
    ):
        line.receive_json()
