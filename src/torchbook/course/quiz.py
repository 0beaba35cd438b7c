"""A quiz: how it is written down, how an answer is read and marked, and how the stated answers are proven.

A quiz is one TOML file, `quizzes/NN_lesson.toml`. Every question states its answer and the reason for it; every option of
a choice and every foreseen mistake has a reason of its own. Code in a question is run to prove the stated answer.
"""

import dataclasses
import difflib
import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torchbook.errors import TorchbookError

# What a question of this kind must state, beside `id`, `kind` and `ask`; what it may state; what it is called.
KINDS: dict[str, tuple[set[str], set[str]]] = {
    "choice": ({"options"}, {"why"}),
    "number": ({"answer", "why"}, {"tolerance", "unit", "mistakes"}),
    "shape": ({"answer", "why"}, {"mistakes"}),
    "order": ({"items", "why"}, set()),
    "predict": ({"code", "why"}, {"answer", "accept", "options", "mistakes"}),
}

# An answer as the engine knows it: numbers of options or items as they are written in the file, a number, a shape, or text.
Given = frozenset[int] | tuple[int, ...] | float | str


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen, the reason why it is right or wrong, and an expression that is true if it is right."""

    text: str
    why: str
    right: bool = False
    proof: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and the reason why it is wrong."""

    answer: float | tuple[int, ...] | str
    why: str


@dataclass(frozen=True)
class Question:
    """One question. `answer` is a number, a shape or the printed text, and None where options or items state it."""

    id: str
    kind: str
    ask: str
    why: str = ""
    code: str = ""
    proof: str = ""
    options: tuple[Option, ...] = ()
    answer: float | tuple[int, ...] | str | None = None
    tolerance: float = 0.0
    unit: str = ""
    items: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def several(self) -> bool:
        """Whether more than one option is right, so that all of them must be ticked."""
        return sum(option.right for option in self.options) > 1


@dataclass(frozen=True)
class Quiz:
    """The questions of one lesson."""

    lesson: int
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Mark:
    """What an answer was worth: right or not, the right answer in words, the reason, and that of a foreseen mistake."""

    right: bool
    answer: str
    why: str
    mistake: str = ""


def quizzes(*folders: Path) -> dict[int, Path]:
    """The quiz files by lesson, those of torchbook first; a later folder replaces a quiz with the same number."""
    own = Path(__file__).parent / "quizzes"
    return {int(path.name[:2]): path for folder in (own, *folders) for path in sorted(folder.glob("[0-9][0-9]_*.toml"))}


def read_quiz(path: Path) -> Quiz:
    """The quiz in a TOML file whose name starts with the two digits of its lesson.

    Raises:
        TorchbookError: the file is not what a quiz must be; the message names the file, the question and the key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TorchbookError(f"{path.name} is not a TOML file: {error}") from None
    if not re.match(r"\d\d_", path.name):
        raise TorchbookError(
            f"{path.name}: the name of a quiz file starts with the number of its lesson, as 01_tensors.toml"
        )
    if set(table) != {"title", "question"}:
        raise TorchbookError(
            f"{path.name}: expected a title and tables [[question]], got {', '.join(table) or 'nothing'}"
        )
    questions = tuple(_question(entry, f"{path.name}, question {i}") for i, entry in enumerate(table["question"], 1))
    ids = [question.id for question in questions]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise TorchbookError(f"{path.name}: the id {min(twice)!r} is given to two questions; each needs its own")
    return Quiz(int(path.name[:2]), str(table["title"]), questions)


def _question(entry: dict[str, Any], place: str) -> Question:
    place = f"{place} ({entry['id']})" if "id" in entry else place
    kind = entry.get("kind")
    if kind not in KINDS:
        raise TorchbookError(f"{place}: kind is {kind!r}, expected one of {', '.join(KINDS)}")
    needed, allowed = KINDS[kind]
    _keys(entry, {"id", "kind", "ask"} | needed, allowed | {"code", "proof"}, place)
    options = tuple(_made(Option, part, f"{place}, option {i}") for i, part in enumerate(entry.get("options", ()), 1))
    values = {key: entry[key].strip() for key in ("id", "ask", "why", "code", "proof", "unit") if key in entry}
    values |= {key: tuple(entry[key]) for key in ("items", "accept") if key in entry}
    question = Question(
        kind=kind,
        options=options,
        answer=_answer(kind, entry["answer"], place) if "answer" in entry else None,
        tolerance=float(entry.get("tolerance", 0)),
        mistakes=tuple(
            Mistake(_answer(kind, mistake.answer, place), mistake.why)
            for mistake in (_made(Mistake, part, f"{place}, mistake") for part in entry.get("mistakes", ()))
        ),
        **values,
    )
    if wrong := _inconsistent(question):
        raise TorchbookError(f"{place}: {wrong}")
    return question


def _inconsistent(question: Question) -> str:
    """What contradicts itself in a question whose keys are all there, or nothing."""
    if question.options and not (2 <= len(question.options) <= 8 and any(option.right for option in question.options)):
        return "expected two to eight options, at least one with right = true"
    if question.kind == "predict" and (question.answer is None) == (not question.options):
        return "expected either an answer or options (of which the right one is what is printed)"
    if question.kind == "order" and not 3 <= len(set(question.items)) == len(question.items) <= 8:
        return f"expected three to eight different items, got {len(question.items)}"
    proofs = [question.proof, *(option.proof for option in question.options)]
    if question.code and question.kind not in ("predict", "order") and not any(proofs):
        return "there is code, so expected a proof: an expression that gives the stated answer after the code"
    for mistake in question.mistakes:
        if _is(question, mistake.answer):
            return f"the mistake {mistake.answer!r} is the right answer"
    return ""


def _keys(entry: dict[str, Any], needed: set[str], allowed: set[str], place: str) -> None:
    for key in entry:
        if key not in needed | allowed:
            near = difflib.get_close_matches(key, needed | allowed, n=1)
            raise TorchbookError(
                f"{place}: the key {key!r} is not known here" + (f"; did you mean {near[0]!r}?" if near else "")
            )
    for key in sorted(needed):
        if key not in entry or entry[key] == "":
            raise TorchbookError(f"{place}: {key} is missing")


def _made(kind: Any, entry: dict[str, Any], place: str) -> Any:
    fields = dataclasses.fields(kind)
    needed = {field.name for field in fields if field.default is dataclasses.MISSING}
    _keys(entry, needed, {field.name for field in fields} - needed, place)
    return kind(**entry)


def _answer(kind: str, value: Any, place: str) -> float | tuple[int, ...] | str:
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind == "shape" and isinstance(value, list) and all(type(size) is int and size >= 0 for size in value):
        return tuple(value)
    if kind == "predict" and isinstance(value, str):
        return value.strip()
    raise TorchbookError(f"{place}: {value!r} is no answer to a question of kind {kind}")
