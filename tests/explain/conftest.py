"""The collected errors of beginners: what they are, and how one is provoked and explained in this process."""

import contextlib
import io
import linecache
import sys
import tomllib
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch

from torchbook.explain import Explanation, explain

ERRORS = Path(__file__).parent / "errors"


def read(file: Path) -> list[dict[str, Any]]:
    """Returns the collected errors of a file, each with its `family`."""
    return [{"family": file.stem, **error} for error in tomllib.loads(file.read_text(encoding="utf-8"))["errors"]]


@pytest.fixture(scope="session")
def collected() -> list[dict[str, Any]]:
    """All collected errors that need no folder of their own."""
    return [error for file in sorted(ERRORS.glob("*.toml")) if file.stem != "folders" for error in read(file)]


@pytest.fixture
def provoke(tmp_path, monkeypatch):
    """Returns a function that runs a program in an empty folder and explains how it fails."""
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setattr(sys, "argv", ["program.py"])

    def provoked(code: str, name: str) -> Explanation | None:
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "stdin", io.StringIO("5\n" * 10))
        if "model_from_gpu.pth" in code:
            weights_from_a_gpu(folder / "model_from_gpu.pth")
        file = str(folder / "program.py")
        linecache.cache[file] = len(code), None, code.splitlines(keepends=True), file
        modules = set(sys.modules)
        try:
            with quietly():
                exec(compile(code, file, "exec"), {"__name__": "__main__"})
        except (Exception, SystemExit) as error:
            return explain(error)
        finally:
            for module in set(sys.modules) - modules:
                if str(getattr(sys.modules[module], "__file__", "")).startswith(str(folder)):
                    del sys.modules[module]
            torch.set_default_dtype(torch.float32)
            torch.set_grad_enabled(True)
        raise AssertionError("the program did not fail")

    return provoked


@contextlib.contextmanager
def quietly():
    """Lets a program print and warn without being seen."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def weights_from_a_gpu(path: Path) -> None:
    """Writes weights as they come from a machine with a GPU: the name of the device is another."""
    memory = io.BytesIO()
    torch.save(torch.nn.Linear(4, 2).state_dict(), memory)
    with zipfile.ZipFile(memory) as saved, zipfile.ZipFile(path, "w") as written:
        for item in saved.infolist():
            content = saved.read(item)
            if item.filename.endswith("data.pkl"):
                content = content.replace(b"X\x03\x00\x00\x00cpu", b"X\x06\x00\x00\x00cuda:0")
            written.writestr(item.filename, content)
