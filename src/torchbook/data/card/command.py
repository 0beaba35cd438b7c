"""`torchbook data`: which data sets there are, what is in one, and what is wrong with it."""

import inspect
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

from torchbook.answers import Answer, nearest, parse
from torchbook.errors import TorchbookError

_USAGE = """torchbook data                     the data sets that torchbook knows
torchbook data show NAME|PATH      what is in one, and what may be wrong with it [--out card.html]
torchbook data prepare NAME|PATH   read and packed now, so that training starts at once

The options of the data set follow, for instance --target or --image-size: torchbook data show table.csv --help"""


def data(words: list[str]) -> Answer:
    """Lists data sets, shows the card of one, or prepares one ahead of time."""
    actions = {"show": show, "prepare": prepare}
    if words and words[0] in ("-h", "--help"):
        return Answer({"actions": ["list", *actions]}, _USAGE)
    if not words or words[0] == "list":
        if words[1:]:
            raise TorchbookError(f"torchbook data list takes nothing, got {' '.join(words[1:])!r}")
        return listed()
    if words[0] not in actions:
        raise TorchbookError(f"there is no 'torchbook data {words[0]}'; {nearest(words[0], ['list', *actions])}")
    action, *rest = words
    if rest and rest[0] in ("-h", "--help"):
        return Answer({"actions": ["list", *actions]}, _USAGE)
    if not rest or rest[0].startswith("-"):
        raise TorchbookError(f"torchbook data {action} needs the name of a data set or the path of your own")
    return parse(_command(actions[action], rest[0]), rest[1:], prog=f"torchbook data {action} {rest[0]}")


def listed() -> Answer:
    """The data sets by name, each in a sentence."""
    from importlib import import_module

    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from torchbook.data.load import ENDINGS, SOURCES

    table = Table(box=None, pad_edge=False, header_style="bold", row_styles=["", "dim"])
    table.add_column("data set", no_wrap=True)
    table.add_column("what it is")
    found = []
    for name, (module, function) in SOURCES.items():
        about = _about(getattr(import_module(f"torchbook.data.{module}"), function))
        found.append({"name": name, "about": about})
        table.add_row(name, Text(about))
    hint = f"\nor the path of your own: a folder, or a file that ends in {', '.join(ENDINGS)}"
    return Answer({"data": found}, Group(table, hint))


def show(name: str, options: dict[str, Any], *, out: Path | None = None) -> Answer:
    """The card of a data set, here in short and as a page in a file.

    Args:
        out: the HTML file; by default one in the folder for all that torchbook keeps.
    """
    from torchbook.data.card.card_page import write_card
    from torchbook.data.card.card_text import card_data, card_text
    from torchbook.data.card.inspection import inspect as inspected
    from torchbook.data.load import load
    from torchbook.home import home

    loaded = load(name, **options)
    findings = inspected(loaded)
    path = out or home() / "cards" / f"{_file_name(name)}.html"
    write_card(loaded, findings, path)
    return Answer(card_data(loaded, findings) | {"card": str(path)}, card_text(loaded, findings, path))


def prepare(name: str, options: dict[str, Any]) -> Answer:
    """Reads a data set now and packs it where that is its way, so that the next use starts at once."""
    from torchbook.data.load import load

    start = time.perf_counter()
    print(f"preparing {name}", file=sys.stderr)
    loaded = load(name, **options)
    seconds = time.perf_counter() - start
    sizes = {split: len(getattr(loaded, split)) for split in ("train", "valid", "test")}
    told = ", ".join(f"{count:,} {split}" for split, count in sizes.items())
    text = "\n".join([f"{loaded.card.title} is ready after {seconds:.1f} s: {told}", *loaded.card.notes])
    answer = {"name": loaded.card.name, "sizes": sizes, "seconds": seconds, "notes": list(loaded.card.notes)}
    return Answer(answer, text)


def _command(action: Callable[..., Answer], name: str) -> Callable[..., Answer]:
    """The action as a typed function: its own options, then those of the data set's loader."""
    from torchbook.data.load import loader_of

    load_it = loader_of(name)
    own = {key: p for key, p in inspect.signature(action).parameters.items() if key not in ("name", "options")}
    options = {key: p for key, p in inspect.signature(load_it).parameters.items() if key != "path"}

    def command(**given: Any) -> Answer:
        rest = {key: value for key, value in given.items() if key in options}
        return action(name, rest, **{key: value for key, value in given.items() if key in own})

    hints = get_type_hints(load_it) | get_type_hints(action)
    # Where tests check types, a wrapper is around the function, and tyro reads what is inside.
    typed = inspect.unwrap(command)
    typed.__signature__ = inspect.Signature([*options.values(), *own.values()])
    typed.__annotations__ = {key: hints[key] for key in (*options, *own)}
    typed.__doc__ = inspect.getdoc(action)
    return typed


def _about(function: Any) -> str:
    """The first sentence of a loader's docstring."""
    text = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.])\s", text, maxsplit=1)[0].rstrip(".")


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", Path(name).name or "data")
