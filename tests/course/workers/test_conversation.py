"""A worker is listened to, spoken to and ended, each from any thread and at any moment."""

import os
import threading

import psutil
import pytest
from waiting import until

from torchbook.course.site.document_live import CALL
from torchbook.course.texts.document import documents
from torchbook.course.workers import processes
from torchbook.course.workers.conversation import begin

FUNCTIONS = """
import os
import time

from torchbook.course.workers.conversation import begin


def who(request, send, heard):
    while True:
        send({"process": os.getpid()})
        time.sleep(0.1)


def asks(request, send, heard):
    for message in begin({"call": "what_workers_do:who"}).messages(every=1):
        send(message or {})


def talks(request, send, heard):
    while True:
        send({"loss": 1.0})
        time.sleep(0.001)


def repeats(request, send, heard):
    for message in heard:
        send({"again": message["word"]})
"""


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory):
    """Workers that find the functions above."""
    folder = tmp_path_factory.mktemp("functions")
    (folder / "what_workers_do.py").write_text(FUNCTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH")))))
        patch.setattr(processes, "_server", processes._Server())
        yield
        processes._server.close()
        processes._spare.close()
        processes._spare.process = None


@pytest.fixture(params=[True, False], ids=["forked", "spawned"])
def starts(request, monkeypatch):
    """Begins a conversation with one of the functions, on either way."""
    if request.param and not processes.FORKS:
        pytest.skip("nothing is forked here")
    monkeypatch.setattr(processes, "FORKS", request.param)

    def starts(function):
        conversation = begin({"call": f"what_workers_do:{function}"})
        request.addfinalizer(conversation.end)
        return conversation

    return starts


@pytest.mark.skipif(not processes.FORKS, reason="nothing is forked here")
def test_a_worker_has_workers_of_its_own_that_end_with_it():
    conversation = begin({"call": "what_workers_do:asks"})
    inner = psutil.Process(
        next(said["process"] for said in conversation.messages(every=0.5) if said and "process" in said)
    )
    assert inner.ppid() == processes._server.process.pid  # it was forked by the one server that there is
    conversation.end()
    until(lambda: ended(inner))


def ended(process):
    """Whether it has ended, which it may while it is looked at."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def reports(messages):
    return (said for said in messages if said is not None)


def test_who_listens_while_another_ends_it_hears_of_the_end(starts):
    conversation = starts("talks")
    messages = reports(conversation.messages(every=0.1))
    assert "loss" in next(messages)
    # The listener is between two messages, where an end at that very moment would find it.
    conversation.end()
    conversation.say({"word": "nobody hears it"})
    assert "exit" in list(messages)[-1]


def test_an_end_from_another_thread_is_heard(starts):
    conversation = starts("talks")
    messages = reports(conversation.messages(every=0.1))
    assert "loss" in next(messages)
    ends = threading.Timer(0.002, conversation.end)
    ends.start()
    assert "exit" in list(messages)[-1]
    ends.join()


def test_who_speaks_while_another_listens_ends_nothing(starts):
    conversation = starts("talks")
    messages = reports(conversation.messages(every=0.1))
    assert "loss" in next(messages)
    speaks = threading.Thread(target=lambda: [conversation.say({"word": "tensor"}) for _ in range(100)])
    speaks.start()
    while speaks.is_alive():
        assert "loss" in next(messages)
    speaks.join()
    assert "loss" in next(messages)


def test_what_is_said_is_answered(starts):
    conversation = starts("repeats")
    messages = reports(conversation.messages(every=0.1))
    conversation.say({"word": "tensor"})
    assert next(messages) == {"again": "tensor"}


@pytest.mark.slow
def test_the_document_of_a_lesson_runs_in_a_worker_that_was_spawned(monkeypatch):
    monkeypatch.setattr(processes, "FORKS", False)
    file = documents()[9]
    conversation = begin({"call": CALL, "document": str(file), "number": 1})
    try:
        # A slow machine hears first what runs and takes its time.
        answers = (message for message in conversation.messages(every=120.0) if "running" not in message)
        first = next(answers)
        assert first["number"] == 1 and not first["fragments"], "what is shown already is not sent"
        conversation.say({"controls": {"at_x": 1.5}, "number": 2})
        moved = next(answers)
        assert moved["number"] == 2 and moved["fragments"]
    finally:
        conversation.end()
        processes._spare.close()
        processes._spare.process = None
