"""A verdict, a standing, a hint and a solution as a page shows them: as JSON, with Markdown turned into HTML."""

from dataclasses import asdict
from typing import Any

from torchbook.course.cards.card import Html
from torchbook.course.grading.checking import CaseResult, Verdict
from torchbook.course.learner.phrases import OUTCOMES, duration, effort
from torchbook.course.learner.progress import HONEST_TRIES, Standing
from torchbook.course.learner.study import Hint, Solution


def verdict(judged: Verdict, html: Html) -> dict[str, Any]:
    """A verdict: outcome, message, the hint of a recognised mistake, the failed cases, what was printed."""
    sign, colour, headline = OUTCOMES[judged.outcome]
    failed = [case for case in judged.cases if not case.passed]
    count = f"{len(judged.cases) - len(failed)} of {len(judged.cases)} cases" if judged.cases else ""
    return {
        "outcome": judged.outcome,
        "passed": judged.passed,
        "sign": sign,
        "colour": colour,
        "headline": headline,
        "count": count,
        "message": "" if judged.passed else judged.message,
        "mistake": judged.mistake.replace("_", " ") if judged.mistake else "",
        "hint": html(judged.hint) if judged.hint else "",
        "cases": [_case(case, judged.message) for case in failed],
        "printed": judged.printed.rstrip(),
        "duration": duration(judged.seconds),
    }


def _case(case: CaseResult, message: str) -> dict[str, Any]:
    fields = asdict(case)
    if case.message in message:
        fields["message"] = ""
    return fields


def standing(now: Standing) -> dict[str, Any]:
    """The learner's standing: passed, tries and time in words, and whether the solution is open."""
    return {
        "passed": now.passed,
        "solution_seen": now.solution_seen,
        "spent": effort(now),
        "open": now.may_see_solution,
        "to_go": max(0, HONEST_TRIES - now.honest),
    }


def hint(given: Hint, html: Html) -> dict[str, Any]:
    """A hint with its number."""
    return {"html": html(given.text), "number": given.number, "of": given.of}


def solution(opened: Solution) -> dict[str, Any]:
    """The solution and its difference to the answer, line by line."""
    return {"source": opened.source, "diff": opened.diff.splitlines()[3:]}  # after the heads of files and hunk
