"""Shapes are checked in every test; homes and data folders of the person who runs them are left alone."""

import os

from jaxtyping import install_import_hook

if not os.environ.get("TORCHBOOK_UNCHECKED"):
    install_import_hook("torchbook", "beartype.beartype")

import pytest  # noqa: E402


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """A home of its own for every test."""
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(autouse=True)
def no_downloaded_files(monkeypatch, request):
    """Fast tests see no downloaded files; those marked slow see the ones that the person names."""
    if "slow" not in request.keywords:
        monkeypatch.delenv("TORCHBOOK_DATA", raising=False)
