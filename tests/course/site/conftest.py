"""A small document, and the site of a workspace, without a server."""

import json
import shutil
import warnings

import pytest

from torchbook.course.learner import workspace
from torchbook.course.runtime.snapshot import digest_of, file_of
from torchbook.course.texts.document import read_document

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have the successor of httpx, and works with either
    from starlette.testclient import TestClient

DOCUMENT = """\
---
title: Slopes
line: Ask for one.
---

**What you will be able to do**

- ask for a [[gradient]]

## The question

Which slope is it?

::: exercise slopes_by_autograd

::: solved slopes_by_autograd
The sum of all $y_i$ has the slopes of each.
:::

## Quiz

::: quiz 9
"""


def slopes_lesson(folder):
    """Writes a document with an exercise, what solves it and a quiz as lesson 70, with its stored state."""
    file = folder / "70_slopes.md"
    file.write_text(DOCUMENT)
    document = read_document(file)
    file_of(document).write_text(json.dumps({"document": digest_of(document), "fragments": {}}))
    return document


@pytest.fixture
def lessons(tmp_path):
    """A folder for lessons of one's own."""
    folder = tmp_path / "lessons"
    folder.mkdir()
    return folder


@pytest.fixture
def slopes(lessons):
    """A document with cards among the lessons: number 70."""
    return slopes_lesson(lessons)


@pytest.fixture(scope="module")
def slopes_site(tmp_path_factory, serve_once):
    """A server with that document for all tests of a module."""
    folder = tmp_path_factory.mktemp("slopes")
    slopes_lesson(folder)
    return serve_once(lessons=folder)


@pytest.fixture(scope="module")
def site_once(serve_once):
    """A server for all tests of a module that only look at it."""
    return serve_once()


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory):
    """A workspace with the packaged exercises, to be copied: to make one costs five times as much."""
    return workspace.make(tmp_path_factory.mktemp("new") / "workspace")[0]


@pytest.fixture
def learner(tmp_path, new_workspace):
    """A workspace with the packaged exercises."""
    return workspace.Workspace(shutil.copytree(new_workspace.folder, tmp_path / "learner"))


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory, new_workspace, measured_machine):
    """A client of the site with the packaged lessons, for all tests of a module that only look at it."""
    from torchbook.course.site.app import build

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCHBOOK_HOME", str(measured_machine))
        folder = shutil.copytree(new_workspace.folder, tmp_path_factory.mktemp("looked") / "workspace")
        application = build(workspace.Workspace(folder), port=8008)
    with TestClient(application, base_url="http://127.0.0.1:8008") as client:
        yield client


@pytest.fixture
def built(learner, lessons):
    """The function that builds the site of that workspace."""
    from torchbook.course.site.app import build

    return lambda **options: build(learner, port=8008, lessons=lessons, **options)


@pytest.fixture
def visit():
    """The function that makes a client of an application at an address."""
    return lambda app, address="http://127.0.0.1:8008": TestClient(app, base_url=address)


@pytest.fixture
def client(built, visit):
    """A client of the site, on this machine."""
    with visit(built()) as client:
        yield client
