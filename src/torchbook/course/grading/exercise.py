"""An exercise is a folder of plain files: this reads it.

    NN_lesson/exercise_name/
        prompt.md         "# Title", then "*Exercise 2, 8 minutes*", then what to do (Markdown, formulas as $...$)
        starter.py        what the learner begins with
        solution.py       one right answer, the one that is shown
        checks.py         the cases (see `torchbook.course.grading.cases`)
        hints.md          from vague to concrete, divided by lines of three hyphens
        mistakes.toml     known wrong answers, each a name, a hint and edits of the solution
        alternatives/*.py whole right answers written another way
        insight.md        why it is so, in a sentence or two, for those who have passed (optional)
        survivors.toml    changes of the solution that no check can see, each with its reason (optional)

`exercises/AUTHORING.md` says how to write one.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from torchbook.errors import TorchbookError

PACKAGED = Path(__file__).parents[1] / "exercises"


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer: its name, what to tell the person who made it, and its text.

    `words` is a pattern. Where it is in an answer, the answer has the very cause that the hint speaks of; where it is
    not, `otherwise` says what was seen, or nothing.
    """

    name: str
    hint: str
    source: str
    edits: tuple[tuple[str, str], ...] = ()
    words: str = ""
    otherwise: str = ""

    def hint_for(self, text: str) -> str:
        """Returns what to tell the person who wrote `text`; nothing if the hint would be about something else."""
        lines = (line.partition("#")[0] for line in text.splitlines())
        return self.hint if not text or re.search(self.words, "\n".join(lines)) else self.otherwise


@dataclass(frozen=True)
class Exercise:
    """One exercise as its folder says. `lesson` is the number of its lesson, `number` its place in the lesson."""

    folder: Path
    lesson: int
    number: int
    title: str
    minutes: int
    prompt: str

    @property
    def name(self) -> str:
        """The name of the folder, unique in the course, for instance `softmax`."""
        return self.folder.name

    @property
    def lesson_folder(self) -> str:
        """The lesson as folders name it, for instance `13_probabilities`."""
        return self.folder.parent.name

    @cached_property
    def starter(self) -> str:
        """The text that an answer begins with."""
        return _text(self.folder / "starter.py")

    @cached_property
    def solution(self) -> str:
        """The text of the right answer that is shown."""
        return _text(self.folder / "solution.py")

    @cached_property
    def hints(self) -> list[str]:
        """Hints from vague to concrete, in Markdown."""
        return [hint.strip() for hint in re.split(r"(?m)^---\s*$", _text(self.folder / "hints.md")) if hint.strip()]

    @cached_property
    def insight(self) -> str:
        """Why it is so, in Markdown, for those who have passed; empty where nothing is said."""
        file = self.folder / "insight.md"
        return _text(file).strip() if file.is_file() else ""

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """The known wrong answers, in the order of `mistakes.toml`.

        Raises:
            TorchbookError: the file is not as `exercises/AUTHORING.md` says, or an edit doesn't fit the solution.
        """
        file = self.folder / "mistakes.toml"
        if not file.is_file():
            if (self.folder / "mistakes").is_dir():
                raise TorchbookError(
                    f"{self.folder}: the mistakes are listed in mistakes.toml now: for each file of the folder write "
                    "[[mistake]] with its name, its docstring as the hint, and file = 'mistakes/NAME.py'"
                )
            return []
        try:
            mistakes = [self._mistake(table) for table in tomllib.loads(_text(file)).get("mistake", [])]
        except TorchbookError:
            raise
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            forms = "[[mistake]] tables with name, hint, and either edit = [[old, new], ...] or file"
            raise TorchbookError(f"{file}: expected {forms}: {type(error).__name__}: {error}") from None
        names = [mistake.name for mistake in mistakes]
        for name in names:
            if names.count(name) > 1:
                raise TorchbookError(f"{file}: two mistakes have the name {name!r}")
        return mistakes

    def _mistake(self, table: dict[str, Any]) -> Mistake:
        name, hint, otherwise = table["name"], table.get("hint", ""), table.get("otherwise", "")
        words = table.get("words", "")
        re.compile(words)
        edits = tuple((old, new) for old, new in table.get("edit", ()))
        return Mistake(name, hint.strip(), self._source(table), edits, words, otherwise.strip())

    def both(self, one: Mistake, other: Mistake) -> Mistake | None:
        """Returns two mistakes made at once, None where one of them has no edits or the edits overlap."""
        if not one.edits or not other.edits:
            return None
        name = f"{one.name} and {other.name}"
        try:
            return Mistake(name, "", self._edited(name, [*one.edits, *other.edits]))
        except TorchbookError:
            return None

    def _source(self, table: dict[str, Any]) -> str:
        """The text of a mistake: a file, or the solution with some of its text replaced."""
        place = f"{self.folder / 'mistakes.toml'}: mistake {table['name']!r}"
        if ("edit" in table) == ("file" in table):
            raise TorchbookError(f"{place}: expected either edit or file, got {', '.join(table)}")
        if "file" in table:
            if not (self.folder / table["file"]).is_file():
                raise TorchbookError(f"{place}: there is no file {table['file']!r} beside mistakes.toml")
            return _text(self.folder / table["file"])
        return self._edited(place, table["edit"])

    def _edited(self, place: str, edits: Sequence[Sequence[str]]) -> str:
        """The solution with each text replaced that must stand there once."""
        changes = []
        for old, new in edits:
            count = self.solution.count(old) if old else 0
            if count != 1:
                raise TorchbookError(
                    f"{place}: the text {old!r} is {count} times in solution.py, expected once: "
                    "give more of it, or of the lines around it"
                )
            changes.append((self.solution.index(old), old, new))
        # From the end, so that what stands before keeps its place.
        source, end = self.solution, len(self.solution)
        for start, old, new in sorted(changes, reverse=True):
            if start + len(old) > end:
                raise TorchbookError(f"{place}: the text {old!r} overlaps with that of another edit: make them one")
            source, end = source[:start] + new + source[start + len(old) :], start
        return source

    @cached_property
    def alternatives(self) -> list[Path]:
        """Right answers written differently from the solution, by name."""
        return sorted(self.folder.glob("alternatives/*.py"))


def exercises(*roots: Path) -> list[Exercise]:
    """All exercises below `roots` (only the packaged ones without any), in the order of lessons and numbers.

    Raises:
        TorchbookError: a root is no folder, an exercise cannot be read, or two have the same name.
    """
    found: dict[str, Exercise] = {}
    for root in roots or (PACKAGED,):
        if not root.is_dir():
            raise TorchbookError(f"{root}: expected a folder with NN_lesson/exercise_name folders in it")
        for prompt in sorted(root.glob("[0-9][0-9]_*/*/prompt.md")):
            exercise = read_exercise(prompt.parent)
            if exercise.name in found:
                raise TorchbookError(
                    f"{exercise.folder}: the name {exercise.name!r} is taken by {found[exercise.name].folder}"
                )
            found[exercise.name] = exercise
    return sorted(found.values(), key=lambda exercise: (exercise.lesson, exercise.number, exercise.name))


def read_exercise(folder: Path) -> Exercise:
    """The exercise in `folder`, which lies in a folder named `NN_lesson`.

    Raises:
        TorchbookError: a file is missing or its first lines are not as expected.
    """
    folder = folder.resolve()
    lesson = re.match(r"(\d\d)_\w+$", folder.parent.name)
    if not lesson:
        raise TorchbookError(
            f"{folder}: an exercise lies in a folder of its lesson such as 03_shapes, got {folder.parent.name!r}"
        )
    for name in ("prompt.md", "starter.py", "solution.py", "checks.py", "hints.md"):
        if not (folder / name).is_file():
            raise TorchbookError(f"{folder}: the file {name} is missing")
    head = re.match(r"# (.+)\n\s*\*Exercise (\d+), (\d+) minutes?\*\s*\n", _text(folder / "prompt.md"))
    if not head:
        raise TorchbookError(
            f"{folder / 'prompt.md'}: expected '# Title' and then '*Exercise 2, 8 minutes*' as the first lines"
        )
    prompt = _text(folder / "prompt.md")[head.end() :].strip()
    return Exercise(folder, int(lesson[1]), int(head[2]), head[1].strip(), int(head[3]), prompt)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
