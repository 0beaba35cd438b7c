"""The command line: runs the command that the words name, and has one way to answer and one to fail."""

import contextlib
import errno
import io
import json
import math
import os
import sys
from pathlib import Path
from typing import Any

from torchbook.command_answer import Answer, nearest
from torchbook.command_table import COMMANDS, GROUPS
from torchbook.errors import TorchbookError
from torchbook.options import typed
from torchbook.signature import imported


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
            return _fail(typed(str(error)), as_json)
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
    command = COMMANDS[words[0]]
    function = imported(command.place)
    if command.reads_words:
        return function(words[1:])
    from torchbook.command_arguments import parse

    return parse(function, words[1:], prog=f"torchbook {words[0]}")


_FIRST = """torchbook: from your first tensor to your first GAN

first     torchbook tour                     six models, from a line to a GAN
then      torchbook learn                    the course, in your browser
your own  torchbook train cnn --data FOLDER  a sub-folder for each class"""
_LAST = """torchbook COMMAND --help says more; --json answers for machines,
--debug shows where an error came from."""


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [_FIRST, ""]
    for title, commands in GROUPS.items():
        lines += [f"{title}:", *(f"  {name:{width}}  {command.about}" for name, command in commands.items()), ""]
    return "\n".join([*lines, _LAST])


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
    text = " ".join(message.split("\n")) if status == 2 else message
    if _rank() == 0:
        print(text, file=sys.stderr)
    elif status != 130:
        print(f"process {_rank()}: {text}", file=sys.__stderr__)
    if as_json:
        print(json.dumps({"error": message}))
    return status


def _processes() -> int:
    """Returns how many processes `torchrun` started with this one."""
    return int(os.environ.get("WORLD_SIZE", 1))


def _rank() -> int:
    """Returns the number of this process among them, from 0."""
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


def _of_the_system(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"the disk is full{where}; make room, or let TORCHBOOK_HOME name a folder on another disk"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to use{where}; choose another folder, for instance with TORCHBOOK_HOME"
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"a file is where a folder is needed{where}; move it, or let TORCHBOOK_HOME name another folder"
    if error.errno == errno.ENAMETOOLONG:
        return f"the name is too long for a file{where[:80]}; choose a shorter one"
    return f"the system says {error.strerror or error}{where}; is that the file or folder that you mean?"


def _unexpected(error: Exception) -> str:
    with contextlib.suppress(ImportError):
        from torchbook.explain import explain
        from torchbook.explain.failing_code import FailingCode
        from torchbook.explain.traceback_context import TracebackContext

        # It speaks to whoever wrote the code that failed, or chose the options of a recipe; a fault of ours is neither.
        place = TracebackContext.of(error)
        persons = place.command is not None or place.code != FailingCode()
        if persons and (explanation := explain(error)) and explanation.fix:
            return f"{explanation.what} {explanation.fix}"
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'} (--debug shows where)"
