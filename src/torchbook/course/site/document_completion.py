"""The end of a lesson's page: what is still missing, and, once all of its exercises are passed and all questions of its
quiz answered, what was done."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from torchbook.course.learner import progress, study
from torchbook.course.learner.phrases import duration
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.study import Score
from torchbook.course.learner.workspace import Workspace
from torchbook.course.site.document_prose import prose
from torchbook.course.texts.document import Document
from torchbook.course.texts.document_parts import Card, Prose

CAN_DO = "What you will be able to do"
WORDS = {
    "kicker": "Done",
    "title": "You have finished this lesson",
    "can": "What you can do now",
    "own": "Your own picture",
    "time": "on exercises",
    "rule": "A lesson is done when its exercises are passed and its quiz is answered.",
    "project": "A project is done when `torchbook check` finds nothing missing.",
}

# The page copies the picture that its reader has moved into it; where nothing was moved it stays away.
_OWN = (
    f'<figure class="own-picture" hidden><h3>{WORDS["own"]}</h3>'
    '<div role="img" aria-labelledby="own-picture-words"></div>'
    '<figcaption id="own-picture-words"></figcaption></figure>'
)


def completion(document: Document, workspace: Workspace) -> str:
    """The element at the end of a page as it is now."""
    return completed(document, progress.standings(workspace.database), study.scores(workspace))


def completed(document: Document, standings: Mapping[str, Standing], scores: Mapping[int, Score]) -> str:
    """The element at the end of a page: what counts until everything is done, then what was done and what one can do.
    `scores` are those of the quizzes of all lessons."""
    cards = [part for part in document.flat if isinstance(part, Card)]
    exercises = [standings.get(card.name, Standing()) for card in cards if card.kind == "exercise"]
    quizzes = [scores.get(int(card.name), Score()) for card in cards if card.kind == "quiz"]
    score = Score(*map(sum, zip(Score(), *quizzes)))
    if cards and all(standing.passed for standing in exercises) and score.answered >= score.questions:
        return f'<div class="completion" id="completion">{_summary(document, exercises, score)}</div>'
    return f'<div class="completion is-open" id="completion">{_missing(document, exercises, score)}</div>'


def _missing(document: Document, exercises: Sequence[Standing], score: Score) -> str:
    counts = []
    if exercises:
        passed = sum(standing.passed for standing in exercises)
        counts.append(f"{passed} of {len(exercises)} exercises passed")
    if score.questions:
        counts.append(f"{score.answered} of {score.questions} questions answered")
    if not counts:
        return ""
    return prose(f"{WORDS['project' if document.is_project else 'rule']} So far: {', '.join(counts)}.")


def _summary(document: Document, exercises: Sequence[Standing], score: Score) -> str:
    facts = []
    if exercises:
        tries = sum(standing.tries for standing in exercises)
        facts += [_count(len(exercises), "exercise passed", "exercises passed"), _count(tries, "try", "tries")]
        facts += [(duration(sum(standing.seconds for standing in exercises)), WORDS["time"])]
    if score.questions:
        facts.append(_count(score.right, "quiz answer right", "quiz answers right"))
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for value, name in facts)
    can = abilities(document)
    able = f"<h3>{WORDS['can']}</h3>{prose(can)}" if can else ""
    return f'<p class="kicker">{WORDS["kicker"]}</p><h2>{WORDS["title"]}</h2><dl>{rows}</dl>{_OWN}{able}'


def _count(number: int, one: str, several: str) -> tuple[str, str]:
    return str(number), one if number == 1 else several


def abilities(document: Document) -> str:
    """The list below *What you will be able to do*, as Markdown; empty if there is none."""
    texts = [part.text for part in document.flat if isinstance(part, Prose)]
    return next((after for text, after in pairwise(texts) if text.strip("*: ") == CAN_DO), "")
