"""The command line: a table of commands, each a typed function elsewhere, and one way to answer and to fail."""

import contextlib
import difflib
import errno
import functools
import io
import json
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from torchbook.errors import TorchbookError

# name: (module, function, what it does). The module is imported only when the command is given.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "tour": ("torchbook.tour", "tour", "from a straight line to a GAN in three minutes, with a report at the end"),
    "recipes": ("torchbook.commands", "recipes", "the experiments: what each shows, on which data, at which cost"),
    "train": ("torchbook.commands", "train", "run a recipe: torchbook train mlp --data digits --epochs 5"),
    "resume": ("torchbook.commands", "resume", "go on with a run that was stopped, as if it had not been"),
    "evaluate": ("torchbook.commands", "evaluate", "measure a run's model on its test set"),
    "predict": ("torchbook.commands", "predict", "what a run's model says of your own files"),
    "generate": ("torchbook.commands", "generate", "new pictures from a trained generator"),
    "export": ("torchbook.commands", "export", "a run's model as pt2, onnx or safetensors, for use elsewhere"),
    "data": ("torchbook.data.command", "data", "the data sets, the card of yours, and what may be wrong with it"),
    "runs": ("torchbook.commands", "runs", "compare runs side by side"),
    "learn": ("torchbook.course.site.command", "learn", "open the course in the browser"),
    "lab": ("torchbook.course.site.command", "lab", "a copy of a lesson to change at will: torchbook lab 08"),
    "lessons": ("torchbook.course.export", "lessons", "the lessons as notebooks, pages or Markdown files"),
    "start": ("torchbook.course.terminal", "start", "make a folder for the exercises, or bring one up to date"),
    "check": ("torchbook.course.terminal", "check", "check your answer to an exercise; --watch checks at every save"),
    "hint": ("torchbook.course.terminal", "hint", "the next hint for an exercise, from vague to concrete"),
    "solution": ("torchbook.course.terminal", "solution", "the solution beside your answer, after three honest tries"),
    "reset": ("torchbook.course.terminal", "reset", "begin an exercise again; your answer is kept"),
    "progress": ("torchbook.course.terminal", "progress", "the course as a tree: what is done, and what to review"),
    "quiz": ("torchbook.course.asking", "quiz", "answer the questions of a lesson: torchbook quiz 01"),
    "glossary": ("torchbook.course.terminal", "glossary", "what a term means: torchbook glossary broadcasting"),
    "author": ("torchbook.course.author", "author", "check exercises of your own: torchbook author check FOLDER"),
    "doctor": ("torchbook.commands", "doctor", "what this machine has, what was chosen for it, and why"),
}


@dataclass(frozen=True)
class Answer:
    """What a command says: `data` for machines (`--json`), `text` for a person (a string or anything rich can
    print)."""

    data: dict[str, Any]
    text: Any = ""
    status: int = 0


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit status: 0, 2 after a mistake that is named in one line, 130 after
    Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json, debug = _taken(words, "--json"), _taken(words, "--debug")
    if _rank() == 0:
        return _answered(words, as_json, debug)
    # Of several processes the first one speaks; the others only say why they failed.
    with (
        Path(os.devnull).open("w") as nothing,
        contextlib.redirect_stdout(nothing),
        contextlib.redirect_stderr(nothing),
    ):
        return _answered(words, as_json, debug)


def _answered(words: list[str], as_json: bool, debug: bool) -> int:
    try:
        return _say(_run(words), as_json)
    except KeyboardInterrupt as interrupt:
        return _fail(str(interrupt) or "stopped", as_json, status=130)
    except BrokenPipeError:
        # The reader (`| head`) has left; what is still buffered must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        if isinstance(error, TorchbookError):
            return _fail(str(error), as_json)
        if isinstance(error, OSError):
            return _fail(_of_the_system(error), as_json)
        return _fail(_unexpected(error), as_json, status=1)


def _run(words: list[str]) -> Answer:
    if not words or words[0] in ("-h", "--help", "help"):
        return Answer({"commands": list(COMMANDS)}, _overview())
    if words[0] in ("--version", "-V"):
        from importlib.metadata import version

        return Answer({"version": version("torchbook")}, f"torchbook {version('torchbook')}")
    if words[0] not in COMMANDS:
        raise TorchbookError(f"there is no command {words[0]!r}; {nearest(words[0], COMMANDS)}")
    if _processes() > 1 and words[0] not in ("train", "resume"):
        raise TorchbookError(f"only train and resume are for several processes; start {words[0]} without torchrun")
    module, function, _ = COMMANDS[words[0]]
    command = getattr(import_module(module), function)
    if getattr(command, "takes_words", False):
        return command(words[1:])
    return parse(command, words[1:], prog=f"torchbook {words[0]}")


def parse(function: Callable[..., Any], words: list[str], *, prog: str) -> Any:
    """Calls a typed function with what the words of a command line say, and returns what it returns.

    Raises:
        TorchbookError: a word does not fit the function's signature; one line with the nearest name.
    """
    import tyro

    @functools.wraps(function)
    def later(*values: Any, **named: Any) -> Callable[[], Any]:
        return lambda: function(*values, **named)

    said = io.StringIO()
    help_wanted = any(word in ("-h", "--help") for word in words)
    try:
        with contextlib.redirect_stderr(said), contextlib.nullcontext() if help_wanted else _wide_terminal():
            call = tyro.cli(later, args=words, prog=prog)
    except SystemExit as stop:
        if not stop.code:
            raise
        raise TorchbookError(f"{prog}: {_one_line(said.getvalue())}") from None
    return call()


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name: the nearest known one, or all of them."""
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"


def _overview() -> str:
    width = max(map(len, COMMANDS))
    rows = [f"  {name:{width}}  {what}" for name, (_, _, what) in COMMANDS.items()]
    ends = "torchbook COMMAND --help says more; --json answers for machines, --debug shows where an error came from."
    return "\n".join(["torchbook: from your first tensor to your first GAN", "", *rows, "", ends])


def _taken(words: list[str], flag: str) -> bool:
    present = flag in words
    words[:] = [word for word in words if word != flag]
    return present


def _say(answer: Answer, as_json: bool) -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):  # a sign that an old encoding lacks is shown as a question mark
        sys.stdout.reconfigure(errors="replace")
    if as_json:
        print(json.dumps(_plain(answer.data)))
    elif isinstance(answer.text, str):
        print(answer.text)
    else:
        from rich.console import Console

        # Names from data may look like rich's markup; what is styled is a Text.
        Console(markup=False, emoji=False).print(answer.text)
    sys.stdout.flush()
    return answer.status


def _fail(message: str, as_json: bool, *, status: int = 2) -> int:
    said = " ".join(message.split("\n")) if status == 2 else message
    if _rank() == 0:
        print(said, file=sys.stderr)
    elif status != 130:
        print(f"process {_rank()}: {said}", file=sys.__stderr__)
    if as_json:
        print(json.dumps({"error": message}))
    return status


def _processes() -> int:
    """How many processes `torchrun` started with this one."""
    return int(os.environ.get("WORLD_SIZE", 1))


def _rank() -> int:
    """Which of them this is, from 0."""
    return int(os.environ.get("RANK", 0)) if _processes() > 1 else 0


def _plain(value: Any) -> Any:
    """The same without NaN and infinity, which JSON does not have."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _one_line(said: str) -> str:
    """tyro's framed message in one line: what is wrong, and the first option that was perhaps meant."""
    # The frame is drawn in ASCII where the terminal has nothing better, and the title stands in its first line.
    inside = [line.strip(" │|") for line in said.splitlines()[1:]]
    first, *rest = [line for line in inside if line.strip("-─+╰╯")] or [" ".join(said.split())]
    meant = [line for line in rest if line.startswith("--")]
    suggested = any("Perhaps you meant" in line or "similar" in line for line in rest)
    return f"{first}; did you mean {meant[0].split()[0]}?" if meant and suggested else first


@contextlib.contextmanager
def _wide_terminal() -> Iterator[None]:
    """tyro folds its messages at the terminal's width; ours are taken apart, so they must not be folded."""
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "1000"
    try:
        yield
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before


def _of_the_system(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}; make room, or let TORCHBOOK_HOME name a folder on another disk"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to use{where}; choose another folder, for instance with TORCHBOOK_HOME"
    return f"{error.strerror or error}{where}"


def _unexpected(error: Exception) -> str:
    with contextlib.suppress(ImportError):
        from torchbook.explain import explain

        if explanation := explain(error):
            return f"{explanation.what} {explanation.fix}"
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'} (--debug shows where)"
