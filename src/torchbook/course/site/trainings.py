"""Trainings that a page has begun: each a `torchbook train` in a process of its own, which can be stopped."""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from html import escape
from itertools import count
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from torchbook.course.site.curves import curve, series_of, summary
from torchbook.course.site.markdown import inline
from torchbook.course.workers.terminal_text import without_escapes
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.recipes.start import cost, described, names
from torchbook.run_folder import RunFolder

_NO_STORE = {"Cache-Control": "no-store"}
_SHORT = 40  # letters of a headline
_PATIENCE = 20.0  # seconds that a training has to write its checkpoint before it is ended for good


@dataclass
class Training:
    """A training that was begun, its process, and what that has printed."""

    recipe: str
    run: str
    process: "subprocess.Popen[bytes]"
    output: IO[bytes] = field(repr=False)
    stopped: bool = False

    @property
    def folder(self) -> Path:
        """The folder of its run, which the process makes."""
        return home() / "runs" / self.run

    def state(self) -> str:
        """Returns `running`, `finished`, `stopped` or `failed`."""
        exit_status = self.process.poll()
        if exit_status is None:
            return "running"
        return "finished" if exit_status == 0 else "stopped" if self.stopped else "failed"

    def stop(self) -> None:
        """Asks the process to write a checkpoint and to end."""
        if self.process.poll() is None:
            self.stopped = True
            self.process.terminate()

    def last_words(self) -> str:
        """Returns the last line that the process has printed."""
        self.output.flush()
        self.output.seek(0)
        lines = self.output.read().decode(errors="replace").replace("\r", "\n").strip().splitlines()
        return without_escapes(lines[-1]).strip() if lines else ""


class Trainings:
    """The trainings of one server, one at a time, and their endpoints."""

    def __init__(self) -> None:
        self.begun: dict[str, Training] = {}

    def routes(self) -> list[BaseRoute]:
        """Returns the endpoints: begin, look, stop."""
        return [
            Route("/trainings/{name}", self._begin, methods=["POST"]),
            Route("/trainings/{name}", self._look, methods=["GET"]),
            Route("/trainings/{name}/stop", self._stop, methods=["POST"]),
        ]

    def running(self) -> Training | None:
        """Returns the training that is going on, if there is one."""
        return next((training for training in self.begun.values() if training.state() == "running"), None)

    def begin(self, recipe: str) -> Training:
        """Starts a recipe with its own arguments in a new run."""
        taken = {path.name for path in (home() / "runs").glob("*")} | set(self.begun)
        run = next(name for number in count(1) if (name := f"{recipe}-live-{number}") not in taken)
        output = tempfile.TemporaryFile()  # noqa: SIM115, it is closed with the server
        command = [sys.executable, "-m", "torchbook", "train", recipe, "--name", run]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        training = self.begun[run] = Training(recipe, run, process, output)
        return training

    @contextlib.asynccontextmanager
    async def lifespan(self, app: Any) -> AsyncIterator[None]:
        """Ends with the server what is going on; it can be resumed."""
        yield
        for training in self.begun.values():
            training.stop()
        for training in self.begun.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(training.process.wait, _PATIENCE)
            if training.process.poll() is None:
                training.process.kill()
                training.process.wait()
            training.output.close()

    def _begin(self, request: Request) -> Response:
        recipe = request.path_params["name"]
        if recipe not in names():
            return JSONResponse({"error": f"there is no recipe {recipe!r}"}, status_code=404, headers=_NO_STORE)
        if training := self.running():
            message = f"{training.recipe} is being trained now; stop it first, or wait for it."
            return JSONResponse({"error": message, "run": training.run}, status_code=409, headers=_NO_STORE)
        return JSONResponse(_about(self.begin(recipe)), status_code=201, headers=_NO_STORE)

    def _look(self, request: Request) -> Response:
        return self._of(request, lambda training: None)

    def _stop(self, request: Request) -> Response:
        return self._of(request, Training.stop)

    def _of(self, request: Request, act: Callable[[Training], None]) -> Response:
        """Returns how it stands with the training of a run, after something was done to it."""
        training = self.begun.get(request.path_params["name"])
        if training is None:
            return JSONResponse({"error": "this training is not known any more"}, status_code=404, headers=_NO_STORE)
        act(training)
        return JSONResponse(_about(training), headers=_NO_STORE)


def _about(training: Training) -> dict[str, Any]:
    # A recipe that compares several models makes a run of each, in the folder of the one.
    folders = sorted((file.parent for file in training.folder.rglob("log.jsonl")), key=_changed)
    state, entries = training.state(), RunFolder(folders[-1], {}).entries() if folders else []
    about: dict[str, Any] = {
        "recipe": training.recipe,
        "run": training.run,
        "state": state,
        "address": f"/runs/{quote(training.run)}" if training.folder.is_dir() else "",
        "line": summary(entries, _epochs(folders[-1]) if folders else None),
        "curve": curve(series_of(entries), training.run),
        "picture": _newest_picture(training),
    }
    return about | ({"error": training.last_words()} if state == "failed" else {})


def _changed(folder: Path) -> float:
    return (folder / "log.jsonl").stat().st_mtime


def _epochs(folder: Path) -> int | None:
    """Returns the epochs that a training takes, None where its run does not say."""
    try:
        return RunFolder.open(folder).about.get("epochs")
    except (TorchbookError, OSError):
        return None


def _newest_picture(training: Training) -> str:
    pictures = sorted(training.folder.rglob("pictures/*.png"), key=lambda file: file.stat().st_mtime)
    return f"/runs/{quote(pictures[-1].relative_to(home() / 'runs').as_posix())}" if pictures else ""


def button(recipe: str) -> str:
    """Returns the element of a page that trains a recipe; `train.js` makes it work."""
    name, about = escape(recipe), described(recipe)
    # A headline such as "Transfer learning" says too little on its own.
    words = about.headline if len(about.headline) > _SHORT else about.sentence
    return (
        f'<div class="train" data-recipe="{name}"><p class="train-about"><b>{name}</b> '
        f'{inline(words)}.</p><p class="train-bar">'
        f'<button type="button" class="site-button" data-do="train" aria-label="Train it now: {name}">'
        "Train it now</button>"
        f'<button type="button" class="train-stop" data-do="stop" hidden>Stop</button>'
        f"<small>{escape(cost(recipe))} · <code>torchbook train {name}</code></small></p>"
        '<div class="train-news" role="status"></div></div>'
    )
