"""The quizzes of the lessons, read and validated: one TOML file for each, `quizzes/NN_lesson.toml`.

Every question states its answer and the reason for it; every option of a choice and every foreseen mistake has a reason
of its own.
"""

import dataclasses
import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torchbook.command_answer import nearest
from torchbook.errors import TorchbookError

# What a question of a kind must state beside `id`, `kind` and `ask`, and what it may state beside `code` and `proof`.
KINDS: dict[str, tuple[set[str], set[str]]] = {
    "choice": ({"options"}, {"why"}),
    "number": ({"answer", "why"}, {"tolerance", "unit", "mistakes"}),
    "shape": ({"answer", "why"}, {"mistakes"}),
    "order": ({"items", "why"}, {"orders"}),
    "predict": ({"code", "why"}, {"answer", "accept", "options", "mistakes"}),
}

Stated = float | tuple[int, ...] | str


@dataclass(frozen=True)
class Option:
    """An option of a choice, why it is right or wrong, and an expression that is true only if it is right."""

    text: str
    why: str
    right: bool = False
    proof: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and the reason why it is wrong."""

    answer: Stated
    why: str


@dataclass(frozen=True)
class Question:
    """One question. `answer` is a number, a shape or the printed text, and None where options or items state it.

    The items of an order are in a right order; `orders` are others that are right too, each the places of the items in
    the file, from 0.
    """

    id: str
    kind: str
    ask: str
    why: str = ""
    code: str = ""
    proof: str = ""
    options: tuple[Option, ...] = ()
    answer: Stated | None = None
    tolerance: float = 0.0
    unit: str = ""
    items: tuple[str, ...] = ()
    orders: tuple[tuple[int, ...], ...] = ()
    accept: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def right_orders(self) -> tuple[tuple[int, ...], ...]:
        """The orders of the items that are right, that of the file first."""
        return (tuple(range(len(self.items))), *self.orders)

    @property
    def several(self) -> bool:
        """True if more than one option is right, so that all of them must be ticked."""
        return sum(option.right for option in self.options) > 1

    def is_answer(self, given: Any) -> bool:
        """Returns True if a number, a shape or a text is the stated answer (within the tolerance)."""
        return self._equal(self.answer, given) or any(same_text(str(given), text) for text in self.accept)

    def mistake(self, given: Any) -> str:
        """Returns the explanation of the foreseen mistake that this answer is, "" if it is none."""
        for mistake in self.mistakes:
            if self._equal(mistake.answer, given) or self._is_spelling_of(mistake.answer, given):
                return mistake.why
        return ""

    def _is_spelling_of(self, stated: Stated, given: Any) -> bool:
        """Returns True for a mistake written without brackets, such as `2 5` for `tensor([2, 5])`."""
        if not isinstance(stated, str) or not isinstance(self.answer, str):
            return False
        return _words(str(given)) == _words(stated) != _words(self.answer)

    def _equal(self, stated: Stated | None, given: Any) -> bool:
        if isinstance(stated, float) and isinstance(given, float | int):
            return abs(given - stated) <= self.tolerance or math.isclose(given, stated, rel_tol=1e-9)
        if isinstance(stated, str):
            return same_text(str(given), stated)
        return given == stated


@dataclass(frozen=True)
class Quiz:
    """The questions of one lesson."""

    lesson: int
    title: str
    questions: tuple[Question, ...]


def quizzes(*folders: Path) -> dict[int, Path]:
    """Returns the quiz files by lesson: packaged ones, replaced by those of further folders."""
    packaged = Path(__file__).parents[1] / "quizzes"
    return {
        int(path.name[:2]): path for folder in (packaged, *folders) for path in sorted(folder.glob("[0-9][0-9]_*.toml"))
    }


def read_quiz(path: Path) -> Quiz:
    """Reads the quiz in a TOML file whose name starts with the two digits of its lesson.

    Raises:
        TorchbookError: the file is not what a quiz must be; the message names the file, the question and the key.
    """
    if not re.match(r"\d\d_", path.name):
        raise TorchbookError(
            f"{path.name}: the name of a quiz starts with the number of its lesson, such as 01_tensors.toml"
        )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TorchbookError(f"{path.name} is not a TOML file: {error}") from None
    if set(table) != {"title", "question"} or not isinstance(table["question"], list):
        raise TorchbookError(
            f"{path.name}: expected a title and tables [[question]], got {', '.join(table) or 'nothing'}"
        )
    questions = tuple(_question(entry, f"{path.name}, question {i}") for i, entry in enumerate(table["question"], 1))
    ids = [question.id for question in questions]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise TorchbookError(f"{path.name}: the id {min(twice)!r} is given to two questions; each needs its own")
    return Quiz(int(path.name[:2]), str(table["title"]), questions)


def same_text(first: str, second: str) -> bool:
    """Compares two printed results; white space, case and zeros at the end of a fraction do not count."""
    return _squashed(first) == _squashed(second)


def _words(text: str) -> list[str]:
    """Returns the names and numbers of a printed result, without brackets, `tensor` and `torch`."""
    words = re.findall(r"-?\d+(?:\.\d+)?|[^\W\d]\w*", _squashed(text))
    return [word for word in words if word not in ("tensor", "torch", "size")]


def _squashed(text: str) -> str:
    text = re.sub(r"(\d\.\d*?)0+(?!\d)", r"\1", " ".join(text.casefold().split()))
    return re.sub(r"\s*([\[\](){},:=])\s*", r"\1", text)


def _question(entry: Any, place: str) -> Question:
    if not isinstance(entry, dict):
        raise TorchbookError(f"{place}: expected a table [[question]], got {entry!r}")
    place = f"{place} ({entry['id']})" if "id" in entry else place
    kind = str(entry.get("kind", "missing"))
    if kind not in KINDS:
        raise TorchbookError(f"{place}: kind is {kind!r}, expected one of {', '.join(KINDS)}")
    needed, allowed = KINDS[kind]
    fields = _fields(Question, entry, {"id", "kind", "ask"} | needed, allowed | {"code", "proof"}, place)
    fields["tolerance"] = _checked_answer("number", fields.get("tolerance", 0), f"{place}, tolerance")
    if "answer" in fields:
        fields["answer"] = _checked_answer(kind, fields["answer"], place)
    if "orders" in fields:
        fields["orders"] = _orders(fields["orders"], len(fields["items"]), place)
    fields["options"] = _parts(Option, entry, "options", place)
    fields["mistakes"] = _parts(Mistake, entry, "mistakes", place, kind)
    question = Question(**fields)
    if wrong := _contradiction(question):
        raise TorchbookError(f"{place}: {wrong}")
    return question


def _orders(orders: Any, count: int, place: str) -> tuple[tuple[int, ...], ...]:
    """Reads further right orders, in which a file counts its items from 1."""
    for order in orders if isinstance(orders, list) else [orders]:
        if not isinstance(order, list) or sorted(map(str, order)) != sorted(map(str, range(1, count + 1))):
            raise TorchbookError(
                f"{place}: orders holds lists with the numbers 1 to {count} of the items, got {order!r}"
            )
        if order == sorted(order):
            raise TorchbookError(f"{place}: the order {order} is that of the items, which is right without being named")
    return tuple(tuple(number - 1 for number in order) for order in orders)


def _parts(part: Any, entry: dict[str, Any], name: str, place: str, kind: str = "") -> tuple[Any, ...]:
    """Reads the options or the mistakes of a question."""
    must = {field.name: field.default is dataclasses.MISSING for field in dataclasses.fields(part)}
    parts = []
    for i, row in enumerate(entry.get(name, ()), 1):
        needed, allowed = ({key for key in must if must[key] is needs} for needs in (True, False))
        fields = _fields(part, row, needed, allowed, f"{place}, {name} {i}")
        if part is Mistake:
            fields["answer"] = _checked_answer(kind, fields["answer"], place)
        parts.append(part(**fields))
    return tuple(parts)


def _fields(kind: Any, entry: Any, needed: set[str], allowed: set[str], place: str) -> dict[str, Any]:
    """Reads the fields of `kind` from a table; refuses unknown and missing keys and texts that are not strings."""
    if not isinstance(entry, dict):
        raise TorchbookError(f"{place}: expected a table of keys and values, got {entry!r}")
    for key in entry:
        if key not in needed | allowed:
            keys = sorted(needed | allowed)
            hint = nearest(key, keys, otherwise=f"expected are {', '.join(keys)}")
            raise TorchbookError(f"{place}: the key {key!r} is not known here; {hint}")
    if missing := sorted(key for key in needed if entry.get(key, "") == ""):
        raise TorchbookError(f"{place}: {missing[0]} is missing")
    fields = {}
    for field in dataclasses.fields(kind):
        if field.name not in entry:
            continue
        value = entry[field.name]
        if field.type is str and not isinstance(value, str):
            raise TorchbookError(f"{place}: {field.name} must be text in quotes, got {value!r}")
        fields[field.name] = value.strip("\n") if field.type is str else tuple(value) if field.name in _LISTS else value
    return fields


_LISTS = {"items", "accept"}


def _checked_answer(kind: str, value: Any, place: str) -> Stated:
    if kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if kind == "shape" and isinstance(value, list) and all(type(size) is int and size >= 0 for size in value):
        return tuple(value)
    if kind == "predict" and isinstance(value, str):
        return value.strip()
    raise TorchbookError(f"{place}: {value!r} is not an answer to a question of kind {kind}")


def _contradiction(question: Question) -> str:
    """Returns what is wrong with a question whose keys are all there, "" if nothing is."""
    if question.options and not (2 <= len(question.options) <= 8 and any(option.right for option in question.options)):
        return "expected two to eight options, at least one with right = true"
    texts = [" ".join(option.text.split()).casefold() for option in question.options]
    if twice := next((text for text in texts if texts.count(text) > 1), ""):
        return f"the option {twice!r} is there twice"
    if question.kind == "predict" and (question.answer is None) == (not question.options):
        return "expected either an answer or options (of which the right one is what is printed)"
    if question.kind == "order" and not 3 <= len(set(question.items)) == len(question.items) <= 8:
        return f"expected three to eight different items, got {len(question.items)}"
    proofs = [question.proof, *(option.proof for option in question.options)]
    if question.code and question.kind not in ("predict", "order") and not any(proofs):
        return "there is code, so expected a proof: an expression that gives the stated answer after the code"
    for mistake in question.mistakes:
        if question.is_answer(mistake.answer):
            return f"the mistake {mistake.answer!r} is the right answer"
    return ""
