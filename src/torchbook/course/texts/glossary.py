"""The glossary: reads its entries from one Markdown file and finds the entry of a term.

An entry is a heading `## term`, the lines `also:`, `lessons:` and `see:`, one paragraph of text, and a formula between
`$$` or one to four lines of Python that run.
"""

import difflib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from torchbook.errors import TorchbookError

GLOSSARY = Path(__file__).parents[1] / "glossary.md"


@dataclass(frozen=True)
class Entry:
    """A term, its other names, the lessons that use it, related terms, a paragraph of Markdown, and formula or code."""

    term: str
    text: str
    lessons: tuple[int, ...]
    aliases: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
    formula: str = ""
    code: str = ""


@cache
def packaged_glossary() -> tuple[Entry, ...]:
    """Returns the entries of torchbook's own glossary, which is read once."""
    return read_glossary()


def read_glossary(path: Path = GLOSSARY) -> tuple[Entry, ...]:
    """Reads the entries of a glossary, in their alphabetical order.

    Raises:
        TorchbookError: an entry is not what it must be; the message names the file and the entry.
    """
    parts = re.split(r"^## +(.+?) *$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    entries = tuple(_entry(term, body, f"{path.name}, {term}") for term, body in zip(parts[::2], parts[1::2]))
    owners: dict[str, str] = {}
    for before, entry in zip((None, *entries), entries):
        if before and before.term.casefold() > entry.term.casefold():
            raise TorchbookError(f"{path.name}, {entry.term}: it belongs before {before.term}, as the alphabet has it")
        for name in (entry.term, *entry.aliases):
            if owners.setdefault(name.casefold(), entry.term) != entry.term:
                raise TorchbookError(f"{path.name}, {entry.term}: {name!r} also names {owners[name.casefold()]}")
    terms = {entry.term for entry in entries}
    for entry in entries:
        if lost := [term for term in entry.see if term not in terms]:
            raise TorchbookError(f"{path.name}, {entry.term}: see {lost[0]!r}, which is the heading of no entry")
    return entries


def _entry(term: str, body: str, place: str) -> Entry:
    lines = body.strip().splitlines()
    fields: dict[str, tuple[str, ...]] = {}
    while lines and (match := re.match(r"(\w+): *(.*)", lines[0])):
        if match[1] not in ("also", "lessons", "see"):
            raise TorchbookError(f"{place}: {match[1]!r} is none of also, lessons, see")
        fields[match[1]] = tuple(part.strip() for part in match[2].split(",") if part.strip())
        lines.pop(0)
    rest = "\n".join(lines)
    rest, code = _split_off(rest, r"^```python\n(.*?)^```$")
    rest, formula = _split_off(rest, r"\$\$(.+?)\$\$")
    text = rest.strip()
    if not fields.get("lessons") or not all(re.fullmatch(r"\d\d?", lesson) for lesson in fields["lessons"]):
        raise TorchbookError(f"{place}: expected a line 'lessons: 13, 14' with the numbers of lessons")
    if not text or "\n\n" in text or "```" in text or "$$" in text:
        raise TorchbookError(
            f"{place}: expected one paragraph of text, then at most one formula and one block of python"
        )
    if not formula and not code:
        raise TorchbookError(f"{place}: expected a formula between $$ or a block of python")
    if len(code.splitlines()) > 6:
        raise TorchbookError(f"{place}: the code has {len(code.splitlines())} lines, expected at most six")
    lessons = tuple(int(lesson) for lesson in fields["lessons"])
    also, see = fields.get("also", ()), fields.get("see", ())
    return Entry(term, " ".join(text.split()), lessons, also, see, formula, code)


def _split_off(text: str, pattern: str) -> tuple[str, str]:
    match = re.search(pattern, text, flags=re.MULTILINE | re.DOTALL)
    return (text[: match.start()] + text[match.end() :], match[1].strip()) if match else (text, "")


def find(entries: tuple[Entry, ...], name: str) -> tuple[Entry | None, tuple[str, ...]]:
    """Finds the entry that a name means, whatever its case, plural or hyphens; without one, up to three near terms."""
    by_name = _by_name(entries)
    key = _folded(name)
    for spelling in (key, key.removesuffix("s"), key + "s", key.removesuffix("es"), *_singulars(key)):
        if spelling in by_name:
            return by_name[spelling], ()
    near = [by_name[name].term for name in by_name if len(key) > 2 and key in name]
    near += [by_name[match].term for match in difflib.get_close_matches(key, by_name, n=3, cutoff=0.6)]
    return None, tuple(dict.fromkeys(near))[:3]


@lru_cache(maxsize=4)
def _by_name(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """Returns the entries by all of their names, folded."""
    by_name = {_folded(alias): entry for entry in entries for alias in (entry.term, *entry.aliases)}
    return by_name | {_folded(entry.term.partition("(")[0]): entry for entry in reversed(entries)} | by_name


def _singulars(name: str) -> list[str]:
    """Returns what an English plural with a Latin or another irregular ending may be the plural of."""
    endings = [
        ("a", "um"),
        ("a", "on"),
        ("ices", "ix"),
        ("es", "is"),
        ("ies", "y"),
        ("ves", "f"),
        ("i", "us"),
        ("ae", "a"),
        ("nets", "network"),
        ("net", "network"),
    ]
    return [name.removesuffix(plural) + singular for plural, singular in endings if name.endswith(plural)]


def _folded(name: str) -> str:
    """Returns a name folded to one spelling: lower case, spaces for hyphens, -ize for -ise."""
    name = re.sub(r"[\s_-]+", " ", name.casefold()).strip()
    return re.sub(r"(\w)is(e|er|ing|ation)(s?)\b", r"\1iz\2\3", name)
