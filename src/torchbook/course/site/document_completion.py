"""The end of a lesson's page, once all of its exercises are passed and all questions of its quiz answered right."""

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
}


def completion(document: Document, workspace: Workspace) -> str:
    """The element at the end of a page as it is now."""
    return completed(document, progress.standings(workspace.database), study.scores(workspace))


def completed(document: Document, standings: Mapping[str, Standing], scores: Mapping[int, tuple[int, int]]) -> str:
    """The element at the end of a page: empty until everything is done, then what was done and what one can do now.

    `scores` are the right answers and the questions of each lesson's quiz.
    """
    return f'<div class="completion" id="completion">{_summary(document, standings, scores)}</div>'


def _summary(document: Document, known: Mapping[str, Standing], scores: Mapping[int, tuple[int, int]]) -> str:
    cards = [part for part in document.flat if isinstance(part, Card)]
    names = [card.name for card in cards if card.kind == "exercise"]
    standings = [known.get(name, Standing()) for name in names]
    quizzes = [scores.get(int(card.name), (0, 0)) for card in cards if card.kind == "quiz"]
    right, asked = (sum(numbers) for numbers in zip((0, 0), *quizzes))
    if not cards or not all(standing.passed for standing in standings) or right < asked:
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
