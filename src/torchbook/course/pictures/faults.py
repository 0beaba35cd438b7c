"""`Faults`: a program, one line of it broken, the traceback that comes of it, and the guilty line to find."""

import traceback
from collections.abc import Mapping
from html import escape
from typing import Any

import traitlets

from torchbook.course.grading.answer_text import remember_lines
from torchbook.course.pictures.picture import Picture
from torchbook.errors import TorchbookError
from torchbook.explain import explain

_INNER = ("torch/_", "torch/library")  # files that differ from the first time to the second, and that nobody reads


class Faults(Picture, parts=("moving.js",)):
    """A program that runs, and broken versions of it: each of `faults` says by which text a line is replaced.

    Every broken program is run when the picture is made. The reader gets its traceback, presses the line that is to
    blame, and is told in the words of `torchbook.explain` what was wrong. A line of the traceback belongs to the
    program if its file is `name`.

        Faults("x = [1, 2]\\nprint(x[0])", {"an empty list": (1, "x = []")}, name="first.py")

    It is a source of values: `picture.cases` is what each fault leads to, `picture.solved` which of them were found.

    Raises:
        TorchbookError: the program as it is fails, or a broken one does not.
    """

    name = traitlets.Unicode("").tag(sync=True)
    lines = traitlets.List(traitlets.Unicode()).tag(sync=True)
    cases: Any = traitlets.List().tag(sync=True)
    current = traitlets.Int(-1).tag(sync=True)  # the fault that is there, -1: none
    pressed: Any = traitlets.List().tag(sync=True)  # the lines that were blamed for it
    solved: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        program: str,
        faults: Mapping[str, tuple[int, str]],
        *,
        name: str = "training.py",
        current: int = -1,
        place: str = "",
    ):
        lines = program.strip("\n").split("\n")
        if error := failure(lines, name):
            raise TorchbookError(f"{name} fails without a fault: {type(error).__name__}: {error}")
        cases = [_case(lines, number, text, fault, name) for fault, (number, text) in faults.items()]
        super().__init__(name=name, lines=lines, cases=cases, current=current, place=place)
        self._describe()

    def still(self) -> str:
        """Writes the program as it stands, and its traceback."""
        shown = list(self.lines)
        if self.current >= 0:
            shown[self.cases[self.current]["line"] - 1] = self.cases[self.current]["text"]
        text = "\n".join(f"{number:2}  {line}" for number, line in enumerate(shown, 1))
        report = f"<pre>{escape(self.cases[self.current]['report'])}</pre>" if self.current >= 0 else ""
        return f"<pre>{escape(text)}</pre>{report}"

    @traitlets.observe("current", "pressed")
    def _describe(self, _: Any = None) -> None:
        if self.current < 0:
            self.alternative = f"A program of {len(self.lines)} lines that runs."
            return
        case = self.cases[self.current]
        self.alternative = f"One line is broken. The program fails in line {case['surfaced']}: {case['error']}"
        if case["line"] in self.pressed:
            self.alternative = f"Line {case['line']} was to blame: {case['text'].strip()}. {case['what']}"


def failure(lines: list[str], name: str) -> Exception | None:
    """Runs a program under a file name and returns the error that it ends with, None if it runs through."""
    source = "\n".join(lines)
    remember_lines(name, source)
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
    except Exception as error:  # that is what it is for
        return error
    return None


def _case(lines: list[str], number: int, text: str, fault: str, name: str) -> dict[str, Any]:
    """Returns what a fault leads to: the line where the error came out, the traceback, and what it means."""
    broken = [text if at == number else line for at, line in enumerate(lines, 1)]
    error = failure(broken, name)
    if error is None:
        raise TorchbookError(f"{fault}: {name} runs with line {number} as {text!r}; a fault must end in an error")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    own = [frame.lineno for frame in frames if frame.filename == name]
    meaning = explain(error)
    message = f"{type(error).__name__}: {error}"
    entries = [
        f'  File "{file}", line {frame.lineno}, in {frame.name}\n    {frame.line}'
        for frame in frames
        if not (file := frame.filename.rpartition("site-packages/")[2]).startswith(_INNER)
    ]
    return {
        "fault": fault,
        "line": number,
        "text": text,
        "surfaced": own[-1],
        "error": message,
        "report": "\n".join(["Traceback (most recent call last):", *entries, message]),
        "what": meaning.what if meaning else "",
        "fix": meaning.fix if meaning else "",
        "kind": meaning.kind if meaning else "",
    }
