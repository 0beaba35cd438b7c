"""A lesson that is not written yet, as a document made of what there is: its words, its exercises and its quiz."""

from torchbook.course.site.lesson_status import LessonStatus
from torchbook.course.texts.document import LESSONS, Document, parsed
from torchbook.course.texts.glossary import packaged_glossary


def gathered(status: LessonStatus) -> Document:
    """Returns the document. Its file does not exist; it has the name that the lesson's own would have."""
    lesson = status.lesson
    front = f"---\ntitle: {lesson.title}\nline: {_sentence(lesson.line) or 'Exercises of this course.'}\n---"
    sections = [front, _beginning(status), *_words(status), *_exercises(status), *_quiz(status)]
    file = LESSONS / f"{lesson.address.strip('/').rpartition('/')[2].replace('-', '_')}.md"
    return parsed("\n\n".join(sections) + "\n", file)


def _sentence(line: str) -> str:
    text = line.replace("`", "")
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _beginning(status: LessonStatus) -> str:
    """Returns the first paragraph: what can be done here, and in which order."""
    if status.exercises:
        return (
            "This station has exercises and no story yet. Each exercise says what it asks for, has hints from vague to "
            "concrete, and names your mistake when you make one. The words that you need come first."
        )
    if status.questions:
        return "This station has questions and no story yet. Every answer comes with its reason."
    return "This station has no story yet. Here is what there is of it already."


def _words(status: LessonStatus) -> list[str]:
    entries = [entry for entry in packaged_glossary() if status.number in entry.lessons]
    if not entries:
        return []
    rows = "\n".join(f"- **[[{entry.term}]]**: {entry.text}" for entry in entries)
    return ["## The words", rows]


def _exercises(status: LessonStatus) -> list[str]:
    cards = [f"::: exercise {exercise.name}" for exercise in status.exercises]
    return ["## Exercises", *cards] if cards else []


def _quiz(status: LessonStatus) -> list[str]:
    return ["## Quiz", f"::: quiz {status.number}"] if status.questions else []
