"""A worker is listened to, spoken to and ended, each from any thread and at any moment."""

import subprocess
import sys
import threading

import psutil
import pytest
from waiting import until

from torchbook.course.notebook.border import packed, unpacked
from torchbook.course.notebook.elsewhere import PERFORM
from torchbook.course.site.document_live import CALL
from torchbook.course.texts.document import documents
from torchbook.course.workers import processes
from torchbook.course.workers.conversation import begin

LESSON = """
import os
import time


def who():
    while True:
        yield {"process": os.getpid()}
        time.sleep(0.1)


def asks(file):
    from torchbook.course.notebook.border import packed, unpacked
    from torchbook.course.notebook.elsewhere import PERFORM
    from torchbook.course.workers.conversation import begin

    inner = begin({"call": PERFORM, "lesson": file, "function": "who", "arguments": packed({}, "the arguments")})
    for message in inner.messages(every=1):
        yield unpacked(message["report"]) if message and "report" in message else {}


def talks():
    while True:
        yield {"loss": 1.0}
        time.sleep(0.001)


def repeats(requests):
    for request in requests:
        yield {"again": request["word"]}
"""


@pytest.fixture(params=[True, False], ids=["forked", "spawned"])
def starts(request, monkeypatch, tmp_path):
    """Begins a conversation with a function of the lesson, on either way."""
    if request.param and not processes.FORKS:
        pytest.skip("nothing is forked here")
    monkeypatch.setattr(processes, "FORKS", request.param)
    file = tmp_path / "90_own.py"
    file.write_text(LESSON)

    def starts(function, **options):
        content = {"call": PERFORM, "lesson": str(file), "function": function, "arguments": packed({}, "the arguments")}
        conversation = begin(content | options)
        request.addfinalizer(conversation.end)
        return conversation

    return starts


@pytest.mark.skipif(not processes.FORKS, reason="nothing is forked here")
def test_a_worker_has_workers_of_its_own_that_end_with_it(tmp_path):
    file = tmp_path / "90_own.py"
    file.write_text(LESSON)
    arguments = packed({"file": str(file)}, "the arguments")
    conversation = begin({"call": PERFORM, "lesson": str(file), "function": "asks", "arguments": arguments})
    told = (
        unpacked(message["report"]) for message in conversation.messages(every=0.5) if message and "report" in message
    )
    inner = psutil.Process(next(report["process"] for report in told if report))
    assert inner.ppid() == processes._server.process.pid  # it was forked by the one server that there is
    conversation.end()
    until(lambda: not inner.is_running() or inner.status() == psutil.STATUS_ZOMBIE)


def reports(messages):
    return (said for said in messages if said is not None)


def test_who_listens_while_another_ends_it_hears_of_the_end(starts):
    conversation = starts("talks")
    messages = reports(conversation.messages(every=0.1))
    assert "report" in next(messages)
    # The listener is between two messages, where an end at that very moment would find it.
    conversation.end()
    conversation.say({"word": "nobody hears it"})
    assert "exit" in list(messages)[-1]


def test_an_end_from_another_thread_is_heard(starts):
    conversation = starts("talks")
    messages = reports(conversation.messages(every=0.1))
    assert "report" in next(messages)
    ends = threading.Timer(0.002, conversation.end)
    ends.start()
    assert "exit" in list(messages)[-1]
    ends.join()


def test_what_is_said_is_answered(starts):
    conversation = starts("repeats", listens=True)
    messages = reports(conversation.messages(every=0.1))
    conversation.say(packed({"word": "tensor"}, "the request"))
    assert unpacked(next(messages)["report"]) == {"again": "tensor"}


@pytest.mark.slow
def test_the_document_of_a_lesson_runs_in_a_worker_that_was_spawned(monkeypatch):
    monkeypatch.setattr(processes, "FORKS", False)
    file = documents()[9]
    conversation = begin({"call": CALL, "document": str(file), "number": 1})
    try:
        answers = conversation.messages(every=120.0)
        first = next(answers)
        assert first["number"] == 1 and not first["fragments"], "what is shown already is not sent"
        conversation.say({"controls": {"at_x": 1.5}, "number": 2})
        moved = next(answers)
        assert moved["number"] == 2 and moved["fragments"]
    finally:
        conversation.end()
        processes._spare.close()
        processes._spare.process = None


def test_the_process_of_documents_imports_no_notebook():
    code = f"import importlib, sys; [importlib.import_module(name) for name in {processes.DOCUMENTS}]; " + (
        "assert 'torch' in sys.modules and 'marimo' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
