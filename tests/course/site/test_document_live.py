"""The line of a page to its worker, with a real one."""

import json
import time

import psutil
import pytest
from starlette.websockets import WebSocketDisconnect

from torchbook.course.learner import study
from torchbook.course.runtime.snapshot import digest_of, file_of
from torchbook.course.texts.document import read_document

CODE = "import torch\n\nw = torch.ones(2)\ny = w"
ORIGIN = {"origin": "http://127.0.0.1:8008"}


def workers():
    """The processes that were forked for pages."""
    return {each.pid for each in psutil.Process().children(recursive=True)}


def test_a_page_and_its_worker(client):
    before = workers()
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/09-autograd/live", headers=ORIGIN) as line:
        line.send_json({"controls": {"at_x": 1.5}, "number": 1})
        first = line.receive_json()
        assert first["number"] == 1 and "<strong>1.5</strong>" in first["blocks"]["you-have-to-ask-first-p5"]
        assert first["pictures"]["you-have-to-ask-first-v1"]["state"]["runs"]
        line.send_json(
            {"cell": "top-c1", "source": "import torch\n\nw = torch.ones(2)\ny = w\nprint('<b>')\nw", "number": 2}
        )
        second = line.receive_json()
        assert "&lt;b&gt;" in second["blocks"]["top-c1"] and "tensor([1., 1.])" in second["blocks"]["top-c1"]
        line.send_json({"cell": "top-c1", "source": "import torch\nw = y = 1\nwhile True:\n    pass", "number": 3})
    end = time.monotonic() + 20
    while len(workers() - before) > 1 and time.monotonic() < end:  # the one that forks stays
        time.sleep(0.1)
    assert len(workers() - before) <= 1


def test_a_worker_that_dies_says_so(client):
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/09-autograd/live", headers=ORIGIN) as line:
        line.send_json({})
        line.receive_json()
        line.send_json({"cell": "top-c1", "source": "import os, torch\nw = y = os._exit(3)", "number": 1})
        assert line.receive_json() == {"ended": 3}


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
            assert "True slopes_by_autograd" in line.receive_json()["blocks"]["top-p1"]
        assert 'data-answers="own"' in client.get("/lessons/71-used/").text


@pytest.mark.parametrize("number, origin", [("98", ORIGIN["origin"]), ("09", "http://evil.example")])
def test_who_has_no_worker(client, number, origin):
    address = f"ws://127.0.0.1:8008/lessons/{number}/live"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(address, headers={"origin": origin}) as line,
    ):
        line.receive_json()
