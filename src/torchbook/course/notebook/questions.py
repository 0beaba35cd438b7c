"""The quiz of a lesson on its page: every answer is marked on the spot, with its reason, and recorded."""

import threading
from typing import Any

import traitlets

from torchbook.course.learner import progress, workspace
from torchbook.course.learner.phrases import input_prompt
from torchbook.course.learner.workspace import Workspace
from torchbook.course.notebook import page
from torchbook.course.notebook.card import Card
from torchbook.course.texts.quiz import Question, Quiz, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import Given, Mark, display_order, mark, read_answer, right_answer
from torchbook.errors import TorchbookError


def quiz(lesson: int) -> Any:
    """The quiz of the lesson with that number, as the last expression of a cell.

    In a browser it is answered and marked; elsewhere it is a note that shows nothing by itself.

    Raises:
        TorchbookError: the lesson has no quiz.
    """
    own = page.own_workspace() if page.opened() else workspace.find()
    paths = quizzes(*(own.quiz_folders() if own else ()))
    if lesson not in paths:
        known = ", ".join(f"{number:02}" for number in paths)
        raise TorchbookError(f"there is no quiz for lesson {lesson:02}; there are quizzes for {known}")
    asked = read_quiz(paths[lesson])
    return QuizCard(own, asked) if own and page.opened() else Questions(asked)


class Questions:
    """The questions of a quiz where they cannot be answered, as Markdown."""

    def __init__(self, asked: Quiz) -> None:
        self.asked = asked

    def _repr_markdown_(self) -> str:
        parts = []
        for number, question in enumerate(self.asked.questions, 1):
            parts.append(f"**{number}.** {question.ask}")
            if question.code:
                parts.append(f"```python\n{question.code}\n```")
            shown = question.items or tuple(option.text for option in question.options)
            parts.append("\n".join(f"- {shown[i]}" for i in display_order(question)))
        parts.append(f"Answer them with `torchbook quiz {self.asked.lesson}`.")
        return "\n\n".join(part for part in parts if part)


class QuizCard(Card, scripts=("python.js", "quiz.js")):
    """All questions of a quiz. `marks` has, for each question that was answered, what is said about the answer.

    A `notice` is about the question `asked_last`.
    """

    title = traitlets.Unicode().tag(sync=True)
    questions: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    marks = traitlets.Dict().tag(sync=True)
    asked_last = traitlets.Unicode().tag(sync=True)
    commands = ("answer", "again")

    def __init__(self, own: Workspace, asked: Quiz) -> None:
        self.own, self.asked = own, asked
        self.by_id = {question.id: question for question in asked.questions}
        self.lock = threading.Lock()
        super().__init__(title=asked.title, questions=[_shown(question) for question in asked.questions])
        self.marks = self._before()

    def answer(self, question: str, given: Any) -> None:
        """Marks and records an answer: numbers of options or items as they are in the file, or what was typed."""
        one, self.asked_last = self.by_id[question], question
        meant = _meant(one, given)
        said = mark(one, meant)
        words = given_in_words(one, meant) if one.options or one.items else str(given).strip()
        progress.record_answer(self.own.database, self.asked.lesson, question, right=said.right, given=words)
        self._say(question, _told(one, said, given))
        if one.kind == "predict" and one.code:
            threading.Thread(target=self._run, args=(one,), daemon=True).start()

    def again(self, question: str) -> None:
        """Asks a question once more; the answer before stays recorded."""
        with self.lock:
            self.marks = {name: said for name, said in self.marks.items() if name != question}

    def _say(self, question: str, told: dict[str, Any]) -> None:
        with self.lock:
            self.notice, self.marks = "", self.marks | {question: told}

    def _run(self, one: Question) -> None:
        """What the code of a question really prints, run in a process of its own."""
        from torchbook.course.workers.snippets import ran_apart

        ran = ran_apart(one.code)
        with self.lock:
            if said := self.marks.get(one.id):
                self.marks = self.marks | {one.id: said | {"ran": f"{ran.printed.rstrip()}\n{ran.error}".strip()}}

    def _before(self) -> dict[str, Any]:
        """The answers that were given before, each question's last."""
        found = {}
        for row in progress.export(self.own.database)["answers"]:
            one = self.by_id.get(row["question"]) if row["lesson"] == self.asked.lesson else None
            if one is not None:
                found[one.id] = _remembered(one, row["given"], right=row["correct"])
        return found


def given_in_words(question: Question, given: Given) -> str:
    """A choice or an order as it is recorded: the texts of the options, whatever their order on the page."""
    texts = question.items or tuple(option.text for option in question.options)
    numbers = sorted(given) if isinstance(given, frozenset) else given
    assert isinstance(numbers, list | tuple)
    return " → ".join(texts[i] for i in numbers) if question.items else "; ".join(texts[i] for i in numbers)


def _meant(question: Question, given: Any) -> Given:
    if not (question.options or question.items):
        return read_answer(question, str(given), ())
    if not given:
        raise TorchbookError("nothing is chosen yet")
    return tuple(given) if question.items else frozenset(given)


def _remembered(question: Question, words: str, *, right: bool) -> dict[str, Any]:
    """What is said about an answer of an earlier visit; one given at the terminal is known as right or wrong only."""
    given: Any = words
    if question.options:
        given = [i for i, option in enumerate(question.options) if option.text in words.split("; ")]
    elif question.items:
        given = [question.items.index(item) for item in words.split(" → ") if item in question.items]
    try:
        said = mark(question, _meant(question, given))
    except TorchbookError:
        said = None
    if said is None or said.right != right:
        given, said = (
            [] if question.options or question.items else "",
            Mark(right, right_answer(question), question.why),
        )
    return _told(question, said, given)


def _shown(question: Question) -> dict[str, Any]:
    texts = question.items or tuple(option.text for option in question.options)
    return {
        "id": question.id,
        "kind": "choice" if question.options else question.kind,
        "several": question.several,
        "ask": page.html(question.ask),
        "code": question.code,
        "wanted": input_prompt(question),
        "lines": len(str(question.answer).splitlines()),
        "choices": [{"number": i, "html": page.html(texts[i])} for i in display_order(question)],
    }


def _told(question: Question, said: Mark, given: Any) -> dict[str, Any]:
    return {
        "given": given,
        "right": said.right,
        "answer": page.html(f"The answer is {said.answer}.") if question.kind != "predict" else "",
        "printed": said.answer if question.kind == "predict" and not question.options else "",
        "mistake": page.html(said.mistake) if said.mistake and not question.options else "",
        "why": page.html(question.why) if question.why else "",
        "reasons": [{"right": option.right, "html": page.html(option.why)} for option in question.options],
        "ran": "",
    }
