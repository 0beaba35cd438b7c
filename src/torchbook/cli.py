"""The command line: a table of commands, each a typed function elsewhere, and one way to answer and to fail."""

import contextlib
import difflib
import io
import json
import os
import re
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from torchbook.errors import TorchbookError

# name: (module, function, what it does). The module is imported only when the command is given.
COMMANDS: dict[str, tuple[str, str, str]] = {}


@dataclass(frozen=True)
class Answer:
    """What a command says: `data` for machines (`--json`), `text` for a person (a string or anything rich can print)."""

    data: dict[str, Any]
    text: Any = ""
    status: int = 0


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit status: 0, 2 after a mistake that is named in one line, 130 after Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json, debug = _taken(words, "--json"), _taken(words, "--debug")
    try:
        return _say(_run(words), as_json)
    except TorchbookError as error:
        if debug:
            raise
        return _fail(str(error), as_json)
    except OSError as error:
        if debug:
            raise
        return _fail(_of_the_system(error), as_json)
    except KeyboardInterrupt as interrupt:
        print(str(interrupt) or "stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def _run(words: list[str]) -> Answer:
    if not words or words[0] in ("-h", "--help", "help"):
        return Answer({"commands": list(COMMANDS)}, _overview())
    if words[0] in ("--version", "-V"):
        from importlib.metadata import version

        return Answer({"version": version("torchbook")}, f"torchbook {version('torchbook')}")
    if words[0] not in COMMANDS:
        raise TorchbookError(f"there is no command {words[0]!r}; {_nearest(words[0], COMMANDS)}")
    module, function, _ = COMMANDS[words[0]]
    return parse(getattr(import_module(module), function), words[1:], prog=f"torchbook {words[0]}")


def parse(function: Any, words: list[str], *, prog: str) -> Any:
    """Calls a typed function with what the words say, and returns what it returns.

    Raises:
        TorchbookError: a word does not fit the function; the message is one line with the nearest name.
    """
    import tyro

    said = io.StringIO()
    with contextlib.redirect_stderr(said), _wide():
        try:
            call = tyro.cli(lambda: None, args=[]) if False else tyro.cli(_deferred(function), args=words, prog=prog)
        except SystemExit as stop:
            if stop.code in (0, None):
                raise
            raise TorchbookError(f"{prog}: {_shortened(said.getvalue())}") from None
    return call()


def _overview() -> str:
    width = max(map(len, COMMANDS))
    rows = [f"  {name:{width}}  {what}" for name, (_, _, what) in COMMANDS.items()]
    return "\n".join(
        ["torchbook: from your first tensor to your first GAN", "", *rows, "", "torchbook COMMAND --help says more."]
    )
