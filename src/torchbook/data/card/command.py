"""`torchbook data`: which data sets there are, what is in one, and what is wrong with it."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torchbook import signature
from torchbook.command_answer import Answer, nearest
from torchbook.command_arguments import CommandLine
from torchbook.data.source import DATA_SETS, ENDINGS, Loader, Source
from torchbook.errors import TorchbookError
from torchbook.options import typed

_USAGE = """torchbook data                    the data sets that torchbook knows
torchbook data show NAME|PATH     what is in one, what may be wrong with it
                                  [--all] [--out card.html]
torchbook data prepare NAME|PATH  read and packed now, to train at once

The options of the data set follow, for instance --target or --image-size:
torchbook data show PATH --help lists them"""


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
    return _answered(action, actions[action], Source.of(rest[0]), rest[1:])


def _answered(name: str, action: Callable[..., Answer], source: Source, words: list[str]) -> Answer:
    """Does an action with a data set, whose options are options of the command."""
    own, of_data = signature.of(action).without("source", "options"), source.loader.signature.without("path")
    groups = {f"options of {source.name}": of_data, "options": own}
    line = CommandLine(f"torchbook data {name} {source}", own.doc, groups)
    if (help_text := line.help(words)) is not None:
        return help_text
    given = line.arguments(words)
    return action(source, {key: given.pop(key) for key in of_data.parameters if key in given}, **given)


def listed() -> Answer:
    """The data sets by name, each in a sentence."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", row_styles=["", "dim"])
    table.add_column("data set", no_wrap=True)
    table.add_column("what it is")
    rows = [{"name": name, "about": _first_sentence(loader)} for name, loader in DATA_SETS.items()]
    for row in rows:
        table.add_row(row["name"], Text(row["about"]))
    hint = f"\nor the path of your own: a folder, or a file that ends in {', '.join(ENDINGS)}"
    return Answer({"data": rows}, Group(table, hint))


def _first_sentence(loader: Loader) -> str:
    return re.split(r"(?<=[.])\s", loader.signature.summary, maxsplit=1)[0].rstrip(".")


def show(source: Source, options: dict[str, Any], /, *, all: bool = False, out: Path | None = None) -> Answer:
    """The card of a data set, here in short and as a page in a file.

    Args:
        all: show every line of long lists, and every file that was left out.
        out: the HTML file; by default one in the folder for all that torchbook keeps.
    """
    from torchbook.data.card.card_page import write_card
    from torchbook.data.card.card_text import card_data, card_text
    from torchbook.data.card.inspection import inspect as inspected
    from torchbook.home import home

    loaded = source.load(**options)
    findings = inspected(loaded)
    path = out or home() / "cards" / f"{_file_name(source)}.html"
    write_card(loaded, findings, path)
    return Answer(card_data(loaded, findings) | {"card": str(path)}, card_text(loaded, findings, path, whole=all))


def prepare(source: Source, options: dict[str, Any], /) -> Answer:
    """Reads a data set now and packs it where that is its way, so that the next use starts at once."""
    start = time.perf_counter()
    print(f"preparing {source}", file=sys.stderr)
    loaded = source.load(**options)
    seconds = time.perf_counter() - start
    sizes = {split: len(getattr(loaded, split)) for split in ("train", "valid", "test")}
    counts = ", ".join(f"{count:,} {split}" for split, count in sizes.items())
    text = "\n".join([f"{loaded.card.title} is ready after {seconds:.1f} s: {counts}", *map(typed, loaded.card.notes)])
    answer = {"name": loaded.card.name, "sizes": sizes, "seconds": seconds, "notes": list(loaded.card.notes)}
    return Answer(answer, text)


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", Path(name).name or "data")
