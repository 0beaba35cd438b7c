"""The contract that every lesson written as a document keeps: `torchbook author check 09` runs it and says what falls
short, in sentences with the line of the document.

`document_check_text` has the rules that need no run. A document with `draft: true` may lack parts; what it has is held
to the same rules.
"""

import contextlib
import itertools
import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy
from torch import Tensor

from torchbook.command_answer import Answer
from torchbook.course.authoring.document_check_text import (
    in_view,
    plain_cells,
    text_faults,
    typed_in,
    unmade_names,
    unwritten_lines,
    word_count,
)
from torchbook.course.authoring.freeze import as_anywhere, state_of
from torchbook.course.authoring.project_check import project_faults
from torchbook.course.runtime.cell import run_cell
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.output import UNTITLED
from torchbook.course.runtime.session import Session, run
from torchbook.course.runtime.snapshot import differences, read_snapshot
from torchbook.course.texts.document import Document, labelled_document, labelled_documents, read_document
from torchbook.course.texts.document_parts import Cell, TrueCurve, TrueNumber
from torchbook.errors import TorchbookError

SECONDS = 10.0  # of a processor, for what runs by itself


@dataclass
class DocumentReport:
    """What falls short in a document (nothing, if it keeps the contract), its size (words, shown cells, and seconds
    of a processor for one run), and the lines where a draft is still to be written."""

    document: str
    faults: list[str] = field(default_factory=list)
    draft: bool = False
    words: int = 0
    cells: int = 0
    seconds: float = 0.0
    unwritten: list[int] = field(default_factory=list)


def check_documents(number: str = "") -> Answer:
    """Checks the document of one lesson, or without a number every document."""
    if number:
        reports = [check_document(labelled_document(number))]
    else:
        reports = [_check_file(file) for file in labelled_documents().values()]
    lines = list(itertools.chain.from_iterable(map(_lines, reports)))
    ready = sum(not report.faults for report in reports)
    lines.append(f"{ready} of {len(reports)} documents keep the contract")
    status = 0 if ready == len(reports) else 1
    return Answer({"documents": [vars(report) for report in reports]}, "\n".join(lines), status)


def _check_file(file: Path) -> DocumentReport:
    try:
        return check_document(read_document(file))
    except TorchbookError as error:
        return DocumentReport(file.name, [str(error)])


def _lines(report: DocumentReport) -> Iterator[str]:
    state = "falls short" if report.faults else "ready so far" if report.draft else "ready"
    name = f"{report.document}, a draft" if report.draft else report.document
    yield f"{state}  {name}: {report.words:,} words, {report.cells} shown cells, {report.seconds:.1f} processor seconds"
    yield from (f"    {fault}" for fault in report.faults)
    if report.unwritten:
        yield f"    to be written still, by line: {', '.join(map(str, report.unwritten))}"


def check_document(document: Document, *, seconds: float = SECONDS) -> DocumentReport:
    """Runs a document, moves its controls, and returns what falls short of the contract.

    Args:
        seconds: of a processor that one run may take.
    """
    view = tuple(in_view(document.parts))
    cells = sum(isinstance(part, Cell) and part.kind == "shown" for part in view)
    report = DocumentReport(document.name, draft=document.front.draft, words=word_count(view), cells=cells)
    if document.front.draft:
        report.unwritten = unwritten_lines(document)
    faults = list(text_faults(document))
    computed: Mapping[str, float] = {}
    with as_anywhere():
        begin = _processor_seconds()
        try:
            session = run(document)
        except TorchbookError as error:
            faults.append(str(error))
        else:
            report.seconds = _processor_seconds() - begin
            if report.seconds > seconds:
                faults.append(
                    f"{document.name}:1: it takes {report.seconds:.1f} processor seconds, expected at most "
                    f"{seconds:g}; make what costs most a recording"
                )
            computed = _computed(session)
            # Moving changes the session, and so it comes last.
            for promise in (_claims, _snapshot, _alternatives, _guessable, _in_plain_python, _moved):
                faults += promise(session)
    faults += _typed_results(document, computed)
    if document.is_project:
        faults += _rubric(document)
    report.faults = sorted(dict.fromkeys(faults), key=_line_of)
    return report


def _rubric(document: Document) -> list[str]:
    """Returns what is wrong with the rubric of a project."""
    try:
        return list(project_faults(document))
    except TorchbookError as error:
        return [str(error)]


def _processor_seconds() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _line_of(fault: str) -> int:
    match = re.match(r"[^:]+:(\d+): ", fault)
    return int(match[1]) if match else 0


def _claims(session: Session) -> list[str]:
    """Returns the claims that do not hold with the controls as they are at first."""
    try:
        return session.broken_claims()
    except TorchbookError as error:
        return [str(error)]


def _snapshot(session: Session) -> Iterator[str]:
    """Yields a sentence if the stored state is not that of this document."""
    document = session.document
    try:
        stored = read_snapshot(document)
    except TorchbookError as error:
        yield f"{document.name}:1: {str(error).removeprefix(f'{document.name} ')}"
        return
    changed = differences(stored, state_of(session))
    if changed:
        line = next((part.line for part in document.flat if part.id in changed), 1)
        yield (
            f"{document.name}:{line}: what is shown from {changed[0]} on is not the stored state; "
            f"seed what is random, then run: torchbook author freeze {document.label}"
        )


def _alternatives(session: Session) -> Iterator[str]:
    """Yields the drawings that have no words."""
    for part in session.document.flat:
        fragment = session.fragments.get(part.id, Fragment())
        if fragment.drawing and fragment.alternative.strip() in ("", UNTITLED):
            yield f"{session.document.name}:{part.line}: this picture has no words; give it a title or an alternative"


def _guessable(session: Session) -> Iterator[str]:
    """Yields the guesses whose right answer nobody can give: it is not on the slider or not on the axes."""
    for part in session.document.flat:
        place, state = f"{session.document.name}:{part.line}", session.fragments.get(part.id, Fragment()).state
        if isinstance(part, TrueNumber) and part.low is not None and part.high is not None:
            if not part.low <= state["number"] <= part.high:
                ends = f"from {part.low:g} to {part.high:g}"
                yield f"{place}: the number is {state['number']:g}, and its range goes {ends}"
        elif isinstance(part, TrueCurve):
            left, right, bottom, top = part.across.low, part.across.high, part.up.low, part.up.high
            if not 0.9 * (right - left) <= min(right, state["x"][-1]) - max(left, state["x"][0]):
                ends = f"from {state['x'][0]:g} to {state['x'][-1]:g}"
                yield f"{place}: the curve goes {ends}, and its axis from {left:g} to {right:g}"
            inside = [bottom <= y <= top for y in state["y"] if y is not None]
            if not sum(inside) >= 2:
                yield f"{place}: the curve leaves its axes, which go from {bottom:g} to {top:g}, everywhere"


def _in_plain_python(session: Session) -> Iterator[str]:
    """Runs the shown cells alone, in order, and yields what goes wrong or comes out otherwise than on the page."""
    document = session.document
    if any(unmade_names(document)):
        return
    # Another number is another seed: what a cell leaves to chance differs, as it does for whoever pastes it.
    elsewhere = replace(document, number=document.number + 100)
    # Classes are printed with the name of their module.
    names: dict[str, Any] = {"__name__": session.module.__name__}
    for cell in plain_cells(document):
        try:
            fragment = run_cell(elsewhere, cell, names)
        except TorchbookError as error:
            yield f"{error} (in plain Python, after the shown cells above)"
            return
        if fragment != session.fragments.get(cell.id, Fragment()):
            yield (
                f"{document.name}:{cell.line}: pasted into plain Python this cell shows something else than on the "
                "page; give it a seed, and let no other cell change what it uses"
            )


def _computed(session: Session) -> dict[str, float]:
    """Returns the numbers that cells have made, by the expressions that give them."""
    made = {name for step in session.steps if isinstance(step.part, Cell) for name in step.made}
    numbers: dict[str, float] = {}
    for name in sorted(made & session.names.keys()):
        value = session.names[name]
        entries = {f"{name}[{key!r}]": entry for key, entry in value.items()} if type(value) is dict else {name: value}
        for expression, entry in entries.items():
            with contextlib.suppress(TypeError, ValueError, RuntimeError):
                if isinstance(entry, Tensor | numpy.generic):
                    entry = entry.item()
                if isinstance(entry, int | float) and not isinstance(entry, bool) and math.isfinite(entry):
                    numbers[expression] = float(entry)
    return numbers


def _typed_results(document: Document, computed: Mapping[str, float]) -> Iterator[str]:
    """Yields the numbers that stand in prose, and those in formulas that a cell has computed."""
    for line, number, around, in_formula in typed_in(document):
        value, digits, percent = _read_number(number)
        same = [
            name
            for name, result in computed.items()
            if round(result * (100 if percent else 1), digits) == value and (digits or result.is_integer() or percent)
        ]
        place = f"{document.name}:{line}: the number {number} is typed in ('{around}')"
        if same:
            yield f"{place}; a cell computes it: write {{{{ {same[0]} }}}}"
        elif not in_formula:
            yield f"{place}; let a cell compute it, or write down in FACTS.toml why it is a fact"


def _read_number(text: str) -> tuple[float, int, bool]:
    """Returns a typed number, its digits after the point, and whether it is a percentage."""
    digits = re.sub(r"\s*(?:%|per ?cent)$", "", text)
    plain = digits.replace("−", "-").replace(",", "")
    fraction = re.search(r"\.(\d+)", plain)
    try:
        return float(plain), len(fraction[1]) if fraction else 0, digits != text
    except ValueError:  # a version such as 1.2.3
        return math.nan, 0, False


def _moved(session: Session) -> Iterator[str]:
    """Moves each control to its other values, and yields those that change nothing and the claims that break."""
    document = session.document
    unseen = {part.id for part in document.flat if isinstance(part, Cell) and part.kind in ("hidden", "stage")}
    for control in session.controls.values():
        place = f"{document.name}:{control.line}: {control.kind} {control.name}"
        first = session.positions[control.name]
        others = [value for value in document.front.controls.get(control.name, ()) if value != first]
        if not others:
            yield f"{place}: no other value is tried; write some below 'controls:' in the front matter"
        for value in others:
            try:
                changed = session.move(**{control.name: value})
                yield from session.broken_claims()
                session.move(**{control.name: first})
            except TorchbookError as error:
                yield f"{place} = {value!r}: {error}"
                return
            if not set(changed) - unseen - {control.id}:
                yield f"{place}: moving it from {first!r} to {value!r} changes nothing that is shown"
