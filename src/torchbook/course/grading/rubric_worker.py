"""One criterion of a rubric inside a worker, with an empty folder to work in.

Where it is given code of the learner there is no keyboard, no network, no other program, and it writes nowhere else. A
run has no code in it: a criterion that is given nothing else may draw or pack the data of the run again.
"""

import traceback
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torchbook.course.grading.answer_text import remember_lines, text_in
from torchbook.course.grading.behaviour import loaded, ordinary_settings, seed_everything
from torchbook.course.grading.examine import explained, own_line
from torchbook.course.grading.rubric import Judgement
from torchbook.course.grading.sandbox import Send, enclosed, settled


def judge(request: dict[str, Any], send: Send, _: Iterator[dict[str, Any]]) -> None:
    """Calls one function of a rubric with the learner's work and sends what it says."""
    if any(given["content"] is not None for given in request["work"].values()):
        enclosed(Path(request["scratch"]))
    else:
        settled(Path(request["scratch"]))
    document, name = Path(request["document"]), request["criterion"]
    remember_lines(request["document"], request["rubric"])
    rubric = types.ModuleType("rubric")
    try:
        exec(compile(request["rubric"], str(document), "exec"), rubric.__dict__)
    except BaseException as error:
        return send({"broken": f"{document.name}:{_line(error, document)}: {type(error).__name__}: {error}"})
    try:
        ordinary_settings()
        seed_everything(0)
        work = {argument: _work(argument, **given) for argument, given in request["work"].items()}
        judgement = rubric.__dict__[name](**work)
    except BaseException as error:
        own = [Path(given["file"]) for given in request["work"].values()]
        inside = {frame.filename for frame in traceback.extract_tb(error.__traceback__)}
        file = next((file for file in own if str(file) in inside), None)
        if file is None and isinstance(error, SyntaxError):
            file = next((file for file in own if str(file) == error.filename), None)
        text = explained(error, file or document)
        return send({"finding": "not met", "sentence": f"{file.name if file else document.name}: {text}"})
    if not isinstance(judgement, Judgement):
        line = rubric.__dict__[name].__code__.co_firstlineno
        expected = "met(...), not_met(...) or a_person_must_judge(...)"
        return send({"broken": f"{document.name}:{line}: {name} returned {judgement!r}; expected {expected}"})
    return send({"finding": judgement.finding, "sentence": judgement.sentence})


def _work(name: str, file: str, content: str | None) -> Any:
    """Returns the module of a file, or the run in a folder."""
    if content is None:
        from torchbook.run import Run

        return Run.open(file)
    source = content.encode("latin-1")
    remember_lines(file, text_in(source))
    return loaded(Path(file), name, source=source)


def _line(error: BaseException, document: Path) -> int:
    frame = own_line(error, document)
    return (frame.lineno if frame else None) or getattr(error, "lineno", None) or 1
