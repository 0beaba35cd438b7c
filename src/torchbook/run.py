"""A run: one trained model in a folder that anyone can read."""

import atexit
import contextlib
import json
import math
import os
import pickle
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

import torch
from filelock import FileLock, Timeout
from torch import Tensor, nn

from torchbook.device import Choice, choose, machine
from torchbook.distributed import ALONE, Processes
from torchbook.errors import TorchbookError
from torchbook.home import home
from torchbook.measure_text import measure_text
from torchbook.record import Number, brief, made
from torchbook.run_folder import CHECKSUMS, FORMAT, RunFolder, log_note
from torchbook.storage import digest, remove_left, sync_folder, write_atomically
from torchbook.tensor_file import fill, read_tensors, tensors_content

# Which measure says that a model is the best so far where the run does not say what it watches, in this order, and
# whether a larger one is better.
LARGER_IS_BETTER = {"accuracy": True, "f1": True, "mse": False, "frechet": False, "loss": False}
# What is measured beside them.
_BESIDE = {"count", "cross_entropy", "exact_match", "mae", "r2"}
_LONGEST = 100  # characters of a run's name, which is that of a folder too
# What `model.json` says.
_WHOLE = Number(1, whole=True)
_CARD: dict[str, Any] = {key: [str] for key in ("classes", "features", "targets", "augment", "notes")}
_CARD |= {"mean": [Number(-1e30, 1e30)], "std": [Number(1e-30, 1e30)], "extra": dict}
_CARD |= dict.fromkeys(("name", "title", "kind", "task", "licence", "source"), str)
MODEL = {
    "built_from": ({"name": str, "arguments": dict}, None),  # None where a person has made the model
    "sample_shape": [_WHOLE],
    "number_format": {"float32", "bfloat16"},
    "measure?": str | None,
    "targets?": str,
    "card": _CARD,
}


@runtime_checkable
class _Kept(Protocol):
    def modules(self) -> dict[str, nn.Module]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


class Run(RunFolder):
    """The folder of one training: `recipe.json`, `log.jsonl`, `model.safetensors` with `model.json`, `state.pt`, a
    card.

    Make one with `Run.create` or `Run.open`. Pass it to `train(..., run=run)` and call `log` for every report. `show`
    is called with signs of life while training: the run, a report, and the number of steps in all, or None in its place
    when a report has just been logged. `latest` are the last logged measures. `best` is the best value so far of the
    measure that the run watches (without `watch` accuracy, else f1, mse, frechet or loss), and `epochs_since_best`
    how many reports ago it was; both survive a resume. Where several `processes` train together only the first of them
    writes the run; the others have a temporary folder as its path.
    """

    _ABOUT: ClassVar[dict[str, Any]] = RunFolder._ABOUT | {
        "choice?": {
            "device": str,
            "number_format": {"float32", "bfloat16"},
            "threads": Number(0, 10_000, whole=True),
            "reason": str,
            "micro_batch?": (Number(1, whole=True), None),
            "replicas?": Number(1, 10_000, whole=True),
            "peak?": float | None,
        },
    }

    def __init__(self, path: Path, about: dict[str, Any], processes: Processes = ALONE):
        super().__init__(path, about)
        self.processes = processes
        self.best: float | None = None
        self.epochs_since_best = 0
        self.show: Callable[[Run, Any, int | None], None] | None = None
        self.latest: dict[str, Any] = {}
        self._children: list[Run] = []
        self._logged = 0
        self._said = False
        self._on_disk: dict[str, str] = {}  # digests of the files that were written
        self._task: _Kept | None = None
        self._lock = FileLock(path / ".lock", thread_local=False)

    @classmethod
    def create(
        cls,
        recipe: str,
        arguments: dict[str, Any] | None = None,
        *,
        name: str | None = None,
        folder: str | Path | None = None,
        choice: Choice | None = None,
        watch: str | None = None,
        larger: bool = True,
        tune: bool = False,
        processes: Processes = ALONE,
    ) -> "Run":
        """A new run in `folder` (`TORCHBOOK_HOME/runs`), called `name` or else the recipe and a number.

        `watch` names the measure of the validation set whose best value says which weights are kept and when patience
        ends; `larger` says whether a larger one is better. With `tune` a long training in `fit` first tries out how it
        is fastest here. `processes` (from `torchbook.distributed.join`) train it together.

        Raises:
            TorchbookError: a run of that name is there already, or the name is no name of a folder.
        """
        folder = Path(folder).absolute() if folder else home() / "runs"
        if name is not None and not re.fullmatch(r"[\w][\w.\- ]*", name):
            raise TorchbookError(f"a run's name is letters, digits, '-', '_' and '.', got {name!r}")
        if name is not None and len(name) > _LONGEST:
            raise TorchbookError(f"a run's name has at most {_LONGEST} characters, got {len(name)}: {name[:20]}...")
        about = {
            "format": FORMAT,
            "recipe": recipe,
            "arguments": arguments or {},
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "choice": (choice or choose()).as_dict(),
            "machine": machine(),
        }
        about |= {} if watch is None else {"watch": watch, "larger": larger}
        about |= {"tune": True} if tune else {}
        if processes.alone:
            run = cls(_new_folder(folder, name, recipe, about), about)
        else:
            about["processes"] = processes.count
            new = processes.from_first(lambda: {"path": str(_new_folder(folder, name, recipe, about)), "about": about})
            path = Path(new["path"])
            if not processes.first:
                path = _stand_in(path.name, {"recipe.json": json.dumps(new["about"])})
            run = cls(path, new["about"], processes)
        run.lock()
        return run

    @classmethod
    def open(cls, path: str | Path, *, processes: Processes = ALONE) -> "Run":
        """A run that is there: by its path, or by its name in `TORCHBOOK_HOME/runs`.

        Raises:
            TorchbookError: there is no run, or a newer torchbook wrote it.
        """
        if not processes.alone:
            texts = processes.from_first(lambda: cls.open(path)._texts())
            run = cls.open(path if processes.first else _stand_in(Path(path).name, texts))
            run.processes = processes
            return run
        return super().open(path)

    def child(self, name: str) -> "Run":
        """A run inside this one, for a recipe that compares several models; opened again when the recipe is resumed."""
        path = self.path / name
        if (path / "recipe.json").is_file():
            run = Run.open(path)
        else:
            about = self.about | {"part": name}
            run = Run(_new_folder(self.path, name, name, about), about)
        run.show, run.processes = self.show, self.processes
        run.lock()
        self._children.append(run)
        return run

    def lock(self) -> None:
        """Makes this process the only one that writes the run, until it ends."""
        if not self.processes.first:
            return
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise TorchbookError(
                f"another process is writing the run {self.path}; wait for it, or take another --name"
            ) from None
        remove_left(self.path, older_than=0.0)

    def close(self) -> None:
        """Lets other processes write the run and those inside it."""
        for child in self._children:
            child.close()
        self._lock.release()

    def discard_if_unused(self) -> None:
        """Removes the folder of a run whose recipe failed before it trained anything."""
        if any(self.path.rglob("state.pt")) or any(self.path.rglob("model.safetensors")):
            return
        self.close()
        shutil.rmtree(self.path)

    @property
    def choice(self) -> Choice:
        """The device and number format of this run; a resume keeps them."""
        return self.processes.device(made(Choice, self.about.get("choice", {}), self.path / "recipe.json"))

    @property
    def is_new(self) -> bool:
        """Whether nothing has been trained or kept yet."""
        return not any((self.path / name).exists() for name in ("state.pt", "model.safetensors"))

    @property
    def tuned(self) -> str:
        """What tuning chose, in words; empty where nothing was tried."""
        return self.about.get("tuned", "")

    def settle(self, choice: Choice, *, tuned: str) -> None:
        """Keeps what tuning chose, and the words for it, with a run that is new."""
        self._tell(choice=choice.as_dict(), tuned=tuned)

    def watch(self, measure: str, *, larger: bool) -> None:
        """Lets `measure` say which weights are the best, for a recipe whose measure only it knows."""
        if self.is_new:
            self._tell(watch=measure, larger=larger)

    def learns_from(self, examples: str) -> None:
        """Keeps with a new run by what its training examples are recognised (`Batches.fingerprint`).

        Raises:
            TorchbookError: the run was trained on others. Examples of its test set may be among these, as when a file
                was added to a folder and the three splits were drawn anew.
        """
        if self.is_new and "examples" not in self.about:
            self._tell(examples=examples)
        elif self.about.get("examples", examples) != examples:
            raise TorchbookError(
                f"the data of {self.path} are not those it was trained on: some were added, removed or changed, and it"
                " may have learnt from what would be its test set now; put back what was there, or train a new run"
            )

    def lasts(self, epochs: int) -> None:
        """Notes how many epochs the training takes: a recipe may decide that by the data."""
        if self.about.get("epochs") != epochs:
            self._tell(epochs=epochs)

    def keep_place(self, data: str) -> None:
        """Notes with the run and those inside it that the data lie at another place now."""
        for run in (self, *self.children()) if self.processes.first else ():
            run._tell(arguments=run.about["arguments"] | {"data": data})

    def _tell(self, **what: Any) -> None:
        """Adds to what `recipe.json` says."""
        self.about |= what
        self._write_checked("recipe.json", json.dumps(self.about, indent=2).encode())

    def _texts(self) -> dict[str, str]:
        """All that is short in the run's folder: the other processes keep it in theirs."""
        files = [file for ending in ("json", "jsonl") for file in self.path.rglob(f"*.{ending}")]
        return {str(file.relative_to(self.path)): file.read_text() for file in files if file.name != CHECKSUMS}

    # What the reader's loop says.

    def log(self, report: Any, measures: dict[str, Any] | None = None) -> None:
        """Writes one line to the log, and keeps the weights if `measures` (of the validation set) are the best so
        far."""
        # Those of the first process count: what follows from them must be the same in all.
        self.latest = measures = self.processes.from_first(lambda: measures or {})
        line = {
            "epoch": report.epoch,
            "step": report.step,
            **report.measures,
            **{f"valid_{name}": value for name, value in measures.items()},
            "learning_rate": report.learning_rate,
            "seconds": round(report.seconds, 3),
            "samples_per_second": round(report.samples_per_second, 1),
            "share_of_peak": report.share_of_peak and round(report.share_of_peak, 4),
        }
        with (self.path / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")
        self._logged += 1
        name, larger = self._watched(measures)
        if name is None:
            self.keep()
        elif self._is_better(measures[name], larger=larger):
            self.best, self.epochs_since_best = measures[name], 0
            self.keep()
        else:
            self.epochs_since_best += 1
            if self.best is None:
                self.keep()
        if self.show is not None:
            self.show(self, report, None)

    def _watched(self, measures: dict[str, Any]) -> tuple[str | None, bool]:
        """Which of the measures says how good the model is, and whether a larger one is better.

        Raises:
            TorchbookError: the one that the run watches is not among them.
        """
        name = self.about.get("watch")
        if name is not None:
            if measures and name not in measures:
                raise TorchbookError(
                    f"the run watches {name!r}, but the measures are {', '.join(measures)}; give one of them as watch="
                )
            return (name if measures else None), self.about.get("larger", True)
        name = next((name for name in LARGER_IS_BETTER if name in measures), None)
        others = [other for other in measures if other not in (name, *_BESIDE)]
        if others and name in (None, "loss") and not self._said:
            self._said = True
            instead = "the last weights are kept" if name is None else "the loss says which weights are kept"
            warnings.warn(
                f"it is not known whether a larger {others[0]} is better, so {instead}; write "
                f"Run.create(..., watch={others[0]!r}, larger=True)",
                stacklevel=3,
            )
        return name, LARGER_IS_BETTER.get(name or "", True)

    def _is_better(self, value: float, *, larger: bool) -> bool:
        """Whether a measure is the best so far; NaN and infinity never are."""
        if not math.isfinite(value):
            return False
        return self.best is None or (value > self.best if larger else value < self.best)

    def finish(self, result: dict[str, Any]) -> dict[str, Any]:
        """Writes `result.json` of a finished run, with its folder and recipe, and a card for people."""
        result = {"run": str(self.path), "recipe": self.recipe} | result
        write_atomically(self.path / "card.md", _card(self.about, result).encode())
        self._write_checked("result.json", json.dumps(result, indent=2).encode(), log=True)
        return result

    # Weights.

    def attach(self, task: _Kept) -> None:
        """The task whose weights `log` keeps."""
        self._task = task

    def keep(self) -> None:
        """Writes the weights of the attached task as the run's model."""
        if self._task is None or not self.processes.first:
            return
        parts = self._task.modules().items()
        tensors = {f"{part}.{name}": value for part, module in parts for name, value in module.state_dict().items()}
        self._write_checked("model.safetensors", tensors_content(tensors))

    def keep_if_none(self, task: _Kept) -> None:
        """Keeps the task's weights where no model has been kept yet."""
        if not (self.path / "model.safetensors").is_file():
            self.attach(task)
            self.keep()

    def weights(self) -> dict[str, Tensor]:
        """The tensors of `model.safetensors`, by part and name (`model.0.weight`)."""
        return read_tensors(self._read_checked("model.safetensors"), self.path / "model.safetensors")

    def load_weights(self, modules: dict[str, nn.Module]) -> None:
        """Fills modules with the kept weights."""
        tensors = self.weights()
        for part, module in modules.items():
            mine = {name.removeprefix(f"{part}."): t for name, t in tensors.items() if name.startswith(f"{part}.")}
            fill(module, mine, self.path / "model.safetensors")

    def describe_model(
        self,
        model: nn.Module,
        card: Any,
        sample_shape: tuple[int, ...],
        choice: Choice,
        *,
        measure: str | None = None,
        targets: str = "labels",
    ) -> None:
        """Writes `model.json`: what the weights belong to, how inputs are prepared, what it is computed with, and how
        it is measured (the name of a measure, and what outputs are compared with)."""
        about = {
            "built_from": getattr(model, "built_from", None),
            "sample_shape": list(sample_shape),
            "number_format": choice.number_format,
            "measure": measure,
            "targets": targets,
            "card": asdict(card),
        }
        self._write_checked("model.json", json.dumps(about, indent=2).encode())

    def model_description(self) -> dict[str, Any]:
        """What `describe_model` wrote.

        Raises:
            TorchbookError: there is none yet, or it is damaged.
        """
        if not (self.path / "model.json").is_file():
            raise TorchbookError(f"the run {self.path} has no model yet; go on with: torchbook resume {self.path}")
        return self.record("model.json", MODEL)

    # Checkpoints.

    def save_state(self, state: dict[str, Any]) -> None:
        """Writes `state.pt`: everything that training needs to go on exactly where it is."""
        if not self.processes.first:
            return
        state = state | {
            "format": FORMAT,
            "best": self.best,
            "epochs_since_best": self.epochs_since_best,
            "logged": self._logged,
        }
        buffer = BytesIO()
        torch.save(state, buffer)
        self._write_checked("state.pt", buffer.getvalue(), log=True)

    def load_state(self) -> dict[str, Any] | None:
        """What `save_state` wrote, with the log cut back to that moment; None if the run has no checkpoint yet."""
        file = self.path / "state.pt"
        if not self.processes.from_first(file.is_file):
            self._cut_log(0)
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                content = BytesIO(self._read_checked("state.pt"))
                state = torch.load(content, weights_only=True, map_location=self.choice.device)
        except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError) as error:
            if isinstance(error, TorchbookError):
                raise
            raise TorchbookError(
                f"{file} is damaged ({brief(error)}); start the recipe again under another --name"
            ) from None
        missing = {"format", "task", "batches", "randomness", "tally", "report", "best", "logged"} - set(state)
        if missing:
            raise TorchbookError(f"{file} is no checkpoint of torchbook: it has no {', '.join(sorted(missing))}")
        if state["format"] > FORMAT:
            raise TorchbookError(
                f"{file} was written by a newer torchbook (format {state['format']}, this one reads {FORMAT})"
            )
        state["randomness"] = {kind: value.cpu() for kind, value in state["randomness"].items()}
        self.best, self.epochs_since_best = state["best"], state["epochs_since_best"]
        return state

    def restore_into(self, task: _Kept, state: dict[str, Any]) -> None:
        """Gives a task its state back; only then is the log cut to what the checkpoint knows of."""
        try:
            task.load_state_dict(state["task"])
        except (RuntimeError, KeyError, ValueError, TypeError) as error:
            raise TorchbookError(f"{self.path / 'state.pt'} belongs to another model: {brief(error)}") from None
        self._cut_log(state["logged"])

    def _cut_log(self, lines: int) -> None:
        file = self.path / "log.jsonl"
        self._logged = lines
        if file.is_file():
            content = file.read_bytes()
            kept = b"".join(content.splitlines(keepends=True)[:lines])
            # Of the longer log, too, these are the first bytes.
            self._note({file.name: [log_note(kept)]})
            if kept != content:
                write_atomically(file, kept)

    # Files whose content is checked when it is read.

    def _write_checked(self, name: str, content: bytes, *, log: bool = False) -> None:
        """Writes a file whose digest is noted first, beside that of the one that is there: one of the two is true
        after a crash, or any number of them. With `log` that of the log as it is now is noted, too."""
        path = self.path / name
        if name not in self._on_disk and path.is_file():
            self._on_disk[name] = digest(path.read_bytes())
        before = [each for each in self.noted(again=True).get(name, []) if each == self._on_disk.get(name)]
        now = digest(content)
        self._note({name: [now, *before[:1]]} | (self._log_note() if log else {}))
        write_atomically(path, content)
        self._on_disk[name] = now

    def _log_note(self) -> dict[str, list[str]]:
        file = self.path / "log.jsonl"
        if not file.is_file():
            return {}
        with file.open("rb+") as log:
            os.fsync(log.fileno())
            return {file.name: [log_note(log.read())]}

    def _note(self, notes: dict[str, list[str]]) -> None:
        noted = self.noted(again=True) | notes
        write_atomically(self.path / CHECKSUMS, json.dumps(noted, indent=2).encode())
        self._noted = noted

    def _read_checked(self, name: str) -> bytes:
        return self.processes.content_from_first(lambda: self._read_own(name))

    def _read_own(self, name: str) -> bytes:
        if not (self.path / name).is_file():
            raise TorchbookError(f"the run {self.path} has no {name} yet; train it first: torchbook resume {self.path}")
        return self.content(name, must_be_noted=True)


def _stand_in(name: str, texts: dict[str, str]) -> Path:
    """A folder for a process that does not write the run, with what is short in the run's own; gone when it ends."""
    folder = Path(tempfile.mkdtemp(prefix="torchbook-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for file, text in texts.items():
        (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / file).write_text(text)
    return folder / name


def _new_folder(folder: Path, name: str | None, stem: str, about: dict[str, Any]) -> Path:
    """A new folder that holds `recipe.json` from its first moment: it is filled under another name and then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    # What a process that was killed here left behind.
    for left in folder.glob(".new-*"):
        with contextlib.suppress(FileNotFoundError):  # another process has just renamed it, or removes it too
            if time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left)
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    new.chmod(0o755)
    content = json.dumps(about, indent=2).encode()
    write_atomically(new / "recipe.json", content)
    write_atomically(new / CHECKSUMS, json.dumps({"recipe.json": [digest(content)]}, indent=2).encode())
    number = 1
    while True:
        path = folder / (name or f"{stem}-{number}")
        try:
            if path.exists():
                raise FileExistsError
            new.rename(path)
        except OSError:
            if name is None and path.exists():
                number += 1
                continue
            shutil.rmtree(new)
            if path.exists():
                raise TorchbookError(
                    f"a run {name!r} is there already; go on with `torchbook resume {path}`, or take another name"
                ) from None
            raise
        sync_folder(folder)
        return path


def _card(about: dict[str, Any], result: dict[str, Any]) -> str:
    """A finished run in Markdown, for people."""
    data = result.get("data", "own data")
    lines = [f"# {Path(result['run']).name}", "", f"`{about['recipe']}` on `{data}`, {about.get('created', '')}", ""]
    for part in result.get("runs", [result]):
        measures = [f"{k} {measure_text(k, v)}" for k, v in part.get("test", {}).items() if isinstance(v, int | float)]
        plain = [f"{k} {measure_text(k, v)}" for k, v in part.get("baseline", {}).items() if k != "count"]
        name = "" if part is result else f"{Path(part['run']).name}, "
        lines.append(f"- {name}test set: {', '.join(measures) or 'not measured'}")
        lines += [f"  - without looking at the inputs: {', '.join(plain)}"] if plain else []
        lines += [f"  - {part['verdict']}"] if "verdict" in part else []
        lines += [f"  - {note}" for note in part.get("notes", [])]
    choice = about["choice"]
    arguments = ", ".join(f"{name}={value!r}" for name, value in about["arguments"].items())
    lines += ["", f"Arguments: {arguments or 'none'}", ""]
    lines.append(f"On {choice['device']}, convolutions in {choice['number_format']}: {choice['reason']}.")
    return "\n".join(lines) + "\n"
