"""What a page shows of a verdict, a standing and a solution: as JSON, with Markdown already turned into HTML."""

from dataclasses import asdict
from typing import Any

from torchbook.course.grading.checking import CaseResult, Verdict
from torchbook.course.learner.phrases import OUTCOMES, duration, effort
from torchbook.course.learner.progress import HONEST_TRIES, Standing
from torchbook.course.learner.study import Hint, Solution
from torchbook.course.notebook.page import html


def verdict(said: Verdict) -> dict[str, Any]:
    """A verdict: outcome, message, the hint of a recognised mistake, the failed cases, what was printed."""
    sign, colour, headline = OUTCOMES[said.outcome]
    failed = [case for case in said.cases if not case.passed]
    count = f"{len(said.cases) - len(failed)} of {len(said.cases)} cases" if said.cases else ""
    return {
        "outcome": said.outcome,
        "passed": said.passed,
        "sign": sign,
        "colour": colour,
        "headline": headline,
        "count": count,
        "message": "" if said.passed else said.message,
        "mistake": said.mistake.replace("_", " ") if said.mistake else "",
        "hint": html(said.hint) if said.hint else "",
        "cases": [_case(case, said.message) for case in failed],
        "printed": said.printed.rstrip(),
        "duration": duration(said.seconds),
    }


def _case(case: CaseResult, said: str) -> dict[str, Any]:
    told = asdict(case)
    if case.message in said:
        told["message"] = ""
    return told


def standing(now: Standing) -> dict[str, Any]:
    """How the learner stands: passed, tries and time in words, and whether the solution is open."""
    return {
        "passed": now.passed,
        "solution_seen": now.solution_seen,
        "spent": effort(now),
        "open": now.may_see_solution,
        "to_go": max(0, HONEST_TRIES - now.honest),
    }


def hint(one: Hint) -> dict[str, Any]:
    """A hint with its number."""
    return {"html": html(one.text), "number": one.number, "of": one.of}


def solution(shown: Solution) -> dict[str, Any]:
    """The solution and its difference to the answer, line by line."""
    return {"source": shown.source, "diff": shown.diff.splitlines()[3:]}  # after the heads of files and hunk
