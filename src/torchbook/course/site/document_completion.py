"""The end of a lesson's page: what is still missing, and, once all of its exercises are passed and all questions of its
quiz answered, what was done."""

from collections.abc import Mapping
from html import escape
from itertools import pairwise

from torchbook.course.learner import progress, study
from torchbook.course.learner.phrases import duration
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.document_prose import prose
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Card, Prose

CAN_DO = "What you will be able to do"
WORDS = {
    "kicker": "Done",
    "title": "You have finished this lesson",
    "can": "What you can do now",
    "time": "on exercises",
    "rule": "A lesson is done when its exercises are passed and its quiz is answered.",
    "project": "A project is done when `torchbook check` finds nothing missing.",
}


def completion(document: Document, workspace: Workspace) -> str:
    """The element at the end of a page as it is now."""
    standings, answered = progress.standings(workspace.database), study.answered(workspace)
    return completed(document, standings, study.scores(workspace), answered)


def completed(
    document: Document,
    standings: Mapping[str, Standing],
    scores: Mapping[int, tuple[int, int]],
    answered: Mapping[int, int],
) -> str:
    """The element at the end of a page: what counts until everything is done, then what was done and what one can do.

    `scores` are the right answers and the questions of each lesson's quiz, of which so many are `answered`.
    """
    summary = _summary(document, standings, scores, answered)
    missing = "" if summary else _missing(document, standings, scores, answered)
    kind = "completion" if summary else "completion is-open"
    return f'<div class="{kind}" id="completion">{summary or missing}</div>'


def _missing(
    document: Document,
    standings: Mapping[str, Standing],
    scores: Mapping[int, tuple[int, int]],
    answered: Mapping[int, int],
) -> str:
    cards = [part for part in document.flat if isinstance(part, Card)]
    passed = [standings.get(card.name, Standing()).passed for card in cards if card.kind == "exercise"]
    quizzes = [int(card.name) for card in cards if card.kind == "quiz"]
    asked = sum(scores.get(quiz, (0, 0))[1] for quiz in quizzes)
    counts = []
    if passed:
        counts.append(f"{sum(passed)} of {len(passed)} exercises passed")
    if asked:
        counts.append(f"{sum(answered.get(quiz, 0) for quiz in quizzes)} of {asked} questions answered")
    if not counts:
        return ""
    return prose(f"{WORDS['project' if document.is_project else 'rule']} So far: {', '.join(counts)}.")


def _summary(
    document: Document,
    known: Mapping[str, Standing],
    scores: Mapping[int, tuple[int, int]],
    answered: Mapping[int, int],
) -> str:
    cards = [part for part in document.flat if isinstance(part, Card)]
    names = [card.name for card in cards if card.kind == "exercise"]
    standings = [known.get(name, Standing()) for name in names]
    quizzes = [scores.get(int(card.name), (0, 0)) for card in cards if card.kind == "quiz"]
    right, asked = (sum(numbers) for numbers in zip((0, 0), *quizzes))
    given = sum(answered.get(int(card.name), 0) for card in cards if card.kind == "quiz")
    if not cards or not all(standing.passed for standing in standings) or given < asked:
        return ""
    facts = []
    if names:
        tries = sum(standing.tries for standing in standings)
        facts += [_count(len(names), "exercise passed", "exercises passed"), _count(tries, "try", "tries")]
        facts += [(duration(sum(standing.seconds for standing in standings)), WORDS["time"])]
    if asked:
        facts.append(_count(right, "quiz answer right", "quiz answers right"))
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for value, name in facts)
    can = abilities(document)
    able = f"<h3>{WORDS['can']}</h3>{prose(can)}" if can else ""
    return f'<p class="kicker">{WORDS["kicker"]}</p><h2>{WORDS["title"]}</h2><dl>{rows}</dl>{able}'


def _count(number: int, one: str, several: str) -> tuple[str, str]:
    return str(number), one if number == 1 else several


def abilities(document: Document) -> str:
    """The list below *What you will be able to do*, as Markdown; empty if there is none."""
    texts = [part.text for part in document.flat if isinstance(part, Prose)]
    return next((after for text, after in pairwise(texts) if text.strip("*: ") == CAN_DO), "")
