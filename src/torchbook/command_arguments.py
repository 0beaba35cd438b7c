"""The words of a command line as the arguments of a typed function, and its help."""

import argparse
import re
import shlex
import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import Parameter
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from torchbook import signature
from torchbook.command_answer import Answer, closest
from torchbook.errors import TorchbookError
from torchbook.options import OPTIONS, Option
from torchbook.signature import Signature
from torchbook.text_value import converted, element, is_several, is_truth

# So many options are not repeated in the first line of a help.
_MANY = 6
_METAVARS = {int: "INT", float: "FLOAT", str: "TEXT", Path: "PATH"}


def parse(function: Callable[..., Any], words: list[str], *, prog: str) -> Any:
    """Calls a typed function with what the words of a command line say, and returns what it returns.

    Parameters that are given by position become positional arguments, the others options. `--help` is answered in the
    function's place.

    Raises:
        TorchbookError: a word does not fit; one line that names the option, with the nearest name.
    """
    about = signature.of(function)
    line = CommandLine(prog, about.doc, {"options": about})
    if (help_text := line.help(words)) is not None:
        return help_text
    given = line.arguments(words)
    by_position = [key for key, parameter in about.parameters.items() if parameter.kind is Parameter.POSITIONAL_ONLY]
    positional = [given.pop(key) for key in by_position]
    return function(*positional, **given)


@dataclass(frozen=True)
class CommandLine:
    """A command: how it is called, what it does, and its parameters in groups, each under a title in its help.

    What a parameter means stands under `Args:` in its group's docstring or in `torchbook.options`.
    """

    prog: str
    doc: str
    groups: Mapping[str, Signature]

    def arguments(self, words: Sequence[str]) -> dict[str, Any]:
        """Returns the arguments by name: those that are given, and every positional one.

        Raises:
            TorchbookError: a word does not fit.
        """
        words = _tidied(words)
        values, unknown = self._parser(words).parse_known_args(words)
        if unknown:
            names = [name.replace("_", "-") for group in self.groups.values() for name in group.parameters]
            wrong = [word.removeprefix("--").partition("=")[0] for word in unknown if word.startswith("--")]
            near = next((near for word in wrong if (near := closest(word, names))), None)
            hint = f"did you mean --{near}?" if near else f"{self.prog} --help lists what there is"
            raise TorchbookError(f"{self.prog}: Unrecognized options: {', '.join(unknown)}; {hint}")
        return {name: tuple(value) if isinstance(value, list) else value for name, value in vars(values).items()}

    def help(self, words: Sequence[str]) -> Answer | None:
        """Returns the help, if the words ask for it."""
        if not {"-h", "--help"} & set(words):
            return None
        text = self._parser().format_help().rstrip()
        return Answer({"help": text}, text)

    def _parser(self, words: Sequence[str] = ()) -> "_Parser":
        parser = _Parser(self.prog, self.doc.split("\nArgs:")[0].split("\nRaises:")[0], words)
        for title, about in self.groups.items():
            group, described = parser.add_argument_group(title), _described(about.doc)
            for name, parameter in about.parameters.items():
                option = OPTIONS.get(name, Option(""))
                text = described.get(name) or option.text
                _add(parser if parameter.kind is Parameter.POSITIONAL_ONLY else group, parameter, option, text)
        if sum(len(about.parameters) for about in self.groups.values()) > _MANY:
            parser.usage = f"{self.prog} [options]"
        return parser


def value_of(name: str, words: Sequence[str]) -> str | None:
    """Returns what the words say of one option, without a look at the others; None if they do not name it."""
    parser = _Parser("")
    parser.add_argument(f"--{name}", nargs="?")
    return vars(parser.parse_known_args(list(words))[0])[name]


class _Parser(argparse.ArgumentParser):
    """A parser whose mistakes are TorchbookErrors of one line, and whose help keeps the paragraphs of a docstring."""

    def __init__(self, prog: str, description: str = "", words: Sequence[str] = ()) -> None:
        super().__init__(prog, description=description, formatter_class=_Help, add_help=False, allow_abbrev=False)
        self.words = words

    def error(self, message: str) -> Any:
        message = re.sub(r"^argument (\S+?)(?:/\S+)?: ", r"\1 ", message)
        message = re.sub(r"expected (at least )?one argument$", "needs a value", message)
        if missing := re.fullmatch(r"the following arguments are required: (\S+)", message):
            message = self._swallowed(missing[1]) or message
        raise TorchbookError(f"{self.prog}: {message}")

    def _swallowed(self, missing: str) -> str:
        """Says which option took the word that a missing positional argument needs; empty if none can have."""
        options = [number for number, word in enumerate(self.words) if word.startswith("--")]
        if not options or len(self.words) - options[-1] < 3:
            return ""
        option, *values, last = self.words[options[-1] :]
        action = self._option_string_actions.get(option)
        if action is None or action.nargs not in ("*", "+") or isinstance(action, _Pairs):
            return ""
        command = shlex.join([*self.prog.split(), last, *self.words[: options[-1]], option, *values])
        return f"{missing} is missing: {option} takes every word behind it, also {last!r}; write: {command}"


class _Help(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        width = min(shutil.get_terminal_size().columns, 100)
        super().__init__(prog, max_help_position=min(30, width // 3), width=width)

    def _expand_help(self, action: argparse.Action) -> str:
        return action.help or ""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n\n".join(textwrap.fill(" ".join(part.split()), width) for part in text.split("\n\n") if part.strip())


def _add(parser: Any, parameter: Parameter, option: Option, text: str) -> None:
    """Adds a parameter to an argparse parser, or to a group of one; `text` says what it means."""
    name, default, kind = parameter.name, parameter.default, parameter.annotation
    several = is_several(kind)
    text = text.removesuffix(".") + _usual(default)
    settings: dict[str, Any] = {"type": partial(_value, kind=kind, option=option), "help": text}
    if parameter.kind is Parameter.POSITIONAL_ONLY:
        nargs = "*" if several else None if default is Parameter.empty else "?"
        usual = () if default is Parameter.empty else default
        parser.add_argument(name, nargs=nargs, default=usual, metavar=_metavar(kind, name), **settings)
        return
    # A name that is a word of Python's own ends in `_`: `import_`.
    flags = [f"--{name.rstrip('_').replace('_', '-')}"]
    if get_origin(element(kind)) is dict:
        settings = {"action": _Pairs, "nargs": "+", "metavar": "COLUMN KIND", "help": text}
    elif is_truth(kind):
        flags += [] if default is False else [f"--no-{flags[0][2:]}"]
        settings = {"action": _Switch, "help": text}
    else:
        settings |= {"nargs": "*" if several else None, "metavar": _metavar(kind)}
    parser.add_argument(*flags, dest=name, default=argparse.SUPPRESS, **settings)


class _Switch(argparse.Action):
    """`--name` and, where there is one, `--no-name`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **settings: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **settings)

    def format_usage(self) -> str:
        return " | ".join(self.option_strings)

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        setattr(namespace, self.dest, option_string == self.option_strings[0])


class _Pairs(argparse.Action):
    """`--name COLUMN KIND`, also of several columns, as a dictionary."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if len(values) % 2:
            raise argparse.ArgumentError(self, f"must be columns and their kinds in pairs, got {' '.join(values)!r}")
        setattr(namespace, self.dest, dict(zip(values[::2], values[1::2], strict=True)))


def _value(text: str, *, kind: Any, option: Option) -> Any:
    """Converts a word for a parameter of that type."""
    try:
        value = converted(text, kind)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}, got {text!r}") from None
    if refusal := option.refusal(value):
        raise argparse.ArgumentTypeError(f"{refusal}, got {text}")
    return value


def _usual(default: Any) -> str:
    """Returns what the help says of a default; None and no words mean that there is none to speak of."""
    if default is None or default is False or default in (Parameter.empty, ()):
        return ""
    values = default if isinstance(default, tuple) else (default,)
    return f" (default: {'on' if default is True else ' '.join(map(str, values))})"


def _metavar(kind: Any, name: str = "") -> str:
    """Returns what stands for the value of an option in its help."""
    kind = element(kind)
    if get_origin(kind) is Literal:
        return "{" + ",".join(map(str, get_args(kind))) + "}"
    return name.upper() or _METAVARS[kind]


def _tidied(words: Sequence[str]) -> list[str]:
    """The words with hyphens in options that were typed with underscores, and with negative numbers at their option."""
    tidied: list[str] = []
    for word in words:
        name, mark, value = word.partition("=")
        if name.startswith("--"):
            word = name.replace("_", "-") + mark + value
        if tidied and re.fullmatch(r"--[^=]+", tidied[-1]) and re.match(r"-\.?\d", word):
            tidied[-1] += f"={word}"
        else:
            tidied.append(word)
    return tidied


def _described(doc: str) -> dict[str, str]:
    """Returns what a docstring says of each parameter under `Args:`."""
    texts: dict[str, str] = {}
    section = re.search(r"^Args:\n(.*?)(?=^\S|\Z)", doc, re.MULTILINE | re.DOTALL)
    name = ""
    for line in section[1].splitlines() if section else []:
        if start := re.match(r" {4}(\w+): (.*)", line):
            name = start[1]
            texts[name] = start[2]
        elif name and line.strip():
            texts[name] += f" {line.strip()}"
    return texts
