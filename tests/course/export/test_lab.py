"""The learner's own copy of a lesson, as a notebook."""

import ast
import json

import pytest

from torchbook.course.export import lab
from torchbook.course.learner import workspace
from torchbook.errors import TorchbookError


@pytest.fixture
def learner(tmp_path):
    return workspace.make(tmp_path / "learner")[0]


@pytest.fixture
def install(monkeypatch):
    """The function that says which modules are installed."""
    return lambda *names: monkeypatch.setattr(lab, "find_spec", lambda name: name in names)


def test_a_second_call_opens_the_same_copy(learner, install):
    install("jupyterlab", "marimo")
    copy, editor = lab.own_copy(learner, "9")
    assert (copy, editor) == (learner.folder / "lab" / "09_autograd.ipynb", "jupyterlab")
    assert json.loads(copy.read_text())["cells"]
    copy.write_text("mine")
    assert lab.own_copy(learner, "09") == (copy, "jupyterlab") and copy.read_text() == "mine"


def test_it_is_for_what_is_installed(learner, install):
    install("marimo")
    copy, editor = lab.own_copy(learner, "09")
    assert (copy.name, editor) == ("09_autograd.py", "marimo") and ast.parse(copy.read_text())
    install("notebook", "marimo")
    assert lab.own_copy(learner, "09") == (copy, "marimo"), "what one has changed is not begun again in another form"
    assert lab.own_copy(learner, "P1")[0].name == "P1_engine.ipynb"
    install()
    assert lab.own_copy(learner, "08") == (learner.folder / "lab" / "08_gradient_descent.ipynb", None)


def test_who_has_no_editor_hears_where_the_copy_is(learner, install, monkeypatch):
    install()
    monkeypatch.setenv("TORCHBOOK_WORKSPACE", str(learner.folder))
    answer = lab.lab("09")
    assert str(learner.folder / "lab" / "09_autograd.ipynb") in answer.text and "torchbook[lab]" in answer.text


@pytest.mark.parametrize("lesson, name", [("32", "32"), ("eight", "EIGHT"), ("P99", "P99")])
def test_what_is_not_there_is_said(learner, lesson, name):
    with pytest.raises(TorchbookError, match=f"lesson {name} is not written yet; written are .*08, 09"):
        lab.own_copy(learner, lesson)
