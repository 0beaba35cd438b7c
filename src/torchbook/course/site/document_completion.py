"""The end of a lesson's page, once all of its exercises are passed and all questions of its quiz answered right."""

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
    """The element at the end of a page: empty until everything is done, then what was done and what one can do now."""
    return f'<div class="completion" id="completion">{_summary(document, workspace)}</div>'


def _summary(document: Document, workspace: Workspace) -> str:
    cards = [part for part in document.flat if isinstance(part, Card)]
    names = [card.name for card in cards if card.kind == "exercise"]
    known = progress.standings(workspace.database)
    standings = [known.get(name, Standing()) for name in names]
    questions, answers = study.questions(workspace), study.quiz_results(workspace)
    lessons = [int(card.name) for card in cards if card.kind == "quiz"]
    asked = sum(len(questions.get(lesson, ())) for lesson in lessons)
    right = sum(sum(answers.get(lesson, {}).values()) for lesson in lessons)
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
