"""The rules about the text of a document: no result is typed in, words and links lead somewhere, sentences are
short."""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from torchbook.course.texts.document import projects
from torchbook.course.texts.glossary import find, packaged_glossary
from torchbook.course.texts.plan import LESSONS
from torchbook.course.texts.prose import COMPUTED, without_code, without_markup

FACTS = Path(__file__).parents[1] / "lessons" / "FACTS.toml"
WORDS = 22  # of a sentence, on average
SMALL = 12  # whole numbers up to this one are words
_PAGES = ("/glossary", "/formulas", "/recipes", "/runs", "/data", "/search")

# What looks like a number and is none that could have been computed.
_NO_RESULT = (
    r"\b(?:19|20)\d\d\b",  # a year
    r"\b\d+\s*[x×]\s*\d+(?:\s*[x×]\s*\d+)*\b",  # a size, 28x28
    r"\b\d+(?:\s*(?:to|-|–)\s*\d+)?\s+(?:minutes?|seconds?|bits?)\b",
    r"\blessons?\s+\d+(?:(?:,| and| to)\s+\d+)*",
    r"\bPython 3\.\d+\b",
)
_NUMBER = r"(?<![\w.,])[-−+]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?:\s*(?:%|per ?cent\b))?(?![\w])"

# What is said so in German, and how it is said in English.
_STIFF = (
    (r"(?:^|[.!?]\s+)Who (?:forgets|wants|has|does|writes|looks|knows|asks)\b[^.!?]*[.,]", "if you forget it"),
    (r"\b[Oo]nly so\b(?! (?:much|many|few|far|long|that))", "only because"),
    (r"\b(?:is|are) called to \w+", "is called with the noun"),
    (r"\b[Rr]ead it so\b|\bsay it so\b", "in words"),
    (r"(?<![Tt]here )\bare others\b", "are different"),
    (r"\b[Aa]lways to \w+", "every time, with a verb in -ing"),
    (r"\b[Aa]fterwards? (?:no|any) \w+ is allowed any ?more\b", "then it is too late to"),
    (r"\bin little room\b", "in a small space"),
    (r"\b(?:read|count|predict|recogni[sz]e)s? [^.!?]*\brightly\b", "correctly"),
)


@dataclass(frozen=True)
class Fact:
    """A number that a lesson states because it is a fact and no result: its words there, and why. `lesson`
    is its number, or a project such as "P1"; without it any may."""

    text: str
    reason: str
    lesson: int | str | None = None


@cache
def read_facts(path: Path = FACTS) -> tuple[Fact, ...]:
    """The facts that lessons may state."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("fact", []) if path.exists() else []
    return tuple(Fact(**row) for row in rows)


def typed_numbers(text: str, facts: Sequence[Fact]) -> Iterator[tuple[str, str]]:
    """Yields the numbers in a text without code that are neither facts nor words, each with the words around it."""
    for fact in facts:
        text = re.sub(rf"(?<![\w.,]){re.escape(fact.text)}(?![\w]|[.,]\d)", " ", text)
    for pattern in _NO_RESULT:
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    for match in re.finditer(_NUMBER, text):
        if not _is_word(match[0]):
            yield match[0].strip(), " ".join(text[max(0, match.start() - 30) : match.end() + 20].split())


def _is_word(number: str) -> bool:
    return bool(re.fullmatch(r"\d+", number)) and int(number) <= SMALL


def words_alone(markdown: str) -> str:
    """Returns Markdown without code, formulas, addresses, markup and the numbers of its lists."""
    text = re.sub(r"\$\$.+?\$\$|\$[^$\n]+\$", " ", without_code(markdown), flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]+>", " ", text)
    return re.sub(r"(?m)^\s*\d+\. ", "", text)


def is_term(name: str) -> bool:
    """Returns True if the glossary has an entry for a name."""
    return find(packaged_glossary(), name)[0] is not None


def lost_links(markdown: str, anchors: Collection[str]) -> Iterator[str]:
    """Yields what is wrong with the links of a text; `anchors` are those of its own page."""
    for shown, address in re.findall(r"(?<!!)\[([^\]\[]*)\]\(([^)\s]*)\)", without_code(markdown)):
        place = re.match(r"/lessons/(\d\d)/?(#.*)?$", address)
        if COMPUTED in address or re.match(r"https?://\w", address):
            continue
        if not shown.strip():
            yield f"the link to {address} has no words"
        if address.startswith("#"):
            good = address[1:] in anchors
        elif project := re.match(r"/projects/(P\d+)(#.*)?$", address):
            good = project[1] in projects()
        elif place:
            good = int(place[1]) < len(LESSONS)
        else:
            good = address.startswith(_PAGES) and _is_page(address)
        if not good:
            yield f"the link [{shown}]({address}) leads nowhere; a lesson is linked as (/lessons/11)"


def _is_page(address: str) -> bool:
    term = address.removeprefix("/glossary/") if address.startswith("/glossary/") else ""
    return not term or find(packaged_glossary(), term.replace("%20", " "))[0] is not None


def nameless_images(markdown: str) -> list[str]:
    """Returns the images of a text that have no words."""
    return re.findall(r"!\[\s*\]\([^)]*\)", markdown)


def long_sentences(text: str, heading: str) -> Iterator[str]:
    """Yields what is wrong with the length of the sentences below a heading."""
    lengths = [len(sentence.split()) for sentence in sentences(text)]
    if len(lengths) > 2 and sum(lengths) / len(lengths) > WORDS:
        mean = sum(lengths) / len(lengths)
        yield f"under '{heading}' sentences have {mean:.0f} words on average, expected at most {WORDS}"


def stiff_words(text: str) -> Iterator[tuple[str, str]]:
    """Yields the turns of phrase that no native speaker would write, each with what to write."""
    for pattern, better in _STIFF:
        for match in re.finditer(pattern, text):
            yield " ".join(match[0].split()), better


def sentences(markdown: str) -> list[str]:
    """The sentences of a text; a point of a list ends one, and a formula counts as a word."""
    text = re.sub(r"\$\$.+?\$\$", ". ", without_code(markdown), flags=re.DOTALL)
    text = re.sub(r"(?m)^\|.*$|\$[^$\n]+\$", lambda m: "" if m[0].startswith("|") else "x", text)
    parts = re.split(r"(?<=[.!?:])\s+|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", without_markup(text))
    bare = (re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", part).strip() for part in parts)
    return [part for part in bare if len(part.split()) > 1]
