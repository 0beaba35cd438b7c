"""The quiz of a lesson on a page: every answer is marked on the spot, with its reason, and recorded."""

import threading
from collections import Counter
from typing import Any

from torchbook.course.cards.card import Card, Html, Page
from torchbook.course.learner import progress
from torchbook.course.learner.phrases import input_prompt
from torchbook.course.learner.workspace import Workspace
from torchbook.course.texts.quiz import Question, Quiz
from torchbook.course.texts.quiz_marks import Given, Mark, display_order, first_miss, mark, read_answer, right_answer
from torchbook.errors import TorchbookError


class QuizCard(Card):
    """All questions of a quiz. Its fields: title, questions, marks, asked_last, notice.

    `marks` has, for each question that was answered, what is said about the answer. A `notice` is about the question
    `asked_last`. With `fresh` the answers of earlier visits are not shown. The answer to what is typed or put in order
    is kept back at the first miss, until the second one or `reveal`.
    """

    commands = ("answer", "again", "reveal")

    def __init__(self, own: Workspace, quiz: Quiz, *, page: Page, html: Html, fresh: bool = False) -> None:
        super().__init__(page, html)
        self.own, self.quiz = own, quiz
        self.by_id = {question.id: question for question in quiz.questions}
        self.lock = threading.Lock()
        self.misses: Counter[str] = Counter()
        questions = [self._question(question) for question in quiz.questions]
        self.show(title=quiz.title, questions=questions, marks={} if fresh else self._before(), asked_last="")

    def answer(self, question: str, given: Any) -> None:
        """Marks and records an answer: numbers of options or items as they are in the file, or what was typed."""
        if question not in self.by_id:
            return
        asked = self.by_id[question]
        self.show(asked_last=question)
        meant = _meant(asked, given)
        marked = mark(asked, meant)
        self.misses[question] += not marked.right
        words = given_in_words(asked, meant) if asked.options or asked.items else str(given).strip()
        progress.record_answer(self.own.database, self.quiz.lesson, question, right=marked.right, given=words)
        with self.lock:
            said = self._mark(asked, marked, meant, given)
            self.show(notice="", marks=self.fields["marks"] | {question: said})
        self._run_apart(asked, said)

    def again(self, question: str) -> None:
        """Asks a question once more; the answer before stays recorded."""
        with self.lock:
            self.show(marks={name: marked for name, marked in self.fields["marks"].items() if name != question})

    def reveal(self, question: str) -> None:
        """Shows the answer that was kept back."""
        with self.lock:
            before = self.fields["marks"].get(question)
            if before is None:
                return
            asked = self.by_id[question]
            self.misses[question] += 1
            said = self._judged(asked, before["given"], right=before["right"])
            self.show(marks=self.fields["marks"] | {question: said})
        self._run_apart(asked, said)

    def _run_apart(self, question: Question, said: dict[str, Any]) -> None:
        """Runs the code of a question, unless its answer is kept back."""
        if question.kind == "predict" and question.code and not said["kept_back"]:
            threading.Thread(target=self._run, args=(question,), daemon=True).start()

    def _run(self, question: Question) -> None:
        """Shows what the code of a question really prints, run in a process of its own."""
        from torchbook.course.workers.snippets import ran_apart

        ran = ran_apart(question.code)
        printed = f"{ran.printed.rstrip()}\n{ran.error}".strip()
        with self.lock:
            if marked := self.fields["marks"].get(question.id):
                self.show(marks=self.fields["marks"] | {question.id: marked | {"ran": printed}})

    def _before(self) -> dict[str, Any]:
        """The answers that were given before, each question's last."""
        marks = {}
        for row in progress.export(self.own.database)["answers"]:
            question = self.by_id.get(row["question"]) if row["lesson"] == self.quiz.lesson else None
            if question is not None:
                self.misses[question.id] += not row["correct"]
                marks[question.id] = self._remembered(question, row["given"], right=row["correct"])
        return marks

    def _remembered(self, question: Question, words: str, *, right: bool) -> dict[str, Any]:
        """What is said about an answer of an earlier visit; of one given at the terminal only whether it was right."""
        given: Any = words
        if question.options:
            given = [i for i, option in enumerate(question.options) if option.text in words.split("; ")]
        elif question.items:
            given = [question.items.index(item) for item in words.split(" → ") if item in question.items]
        return self._judged(question, given, right=right)

    def _judged(self, question: Question, given: Any, *, right: bool) -> dict[str, Any]:
        """What is said about an answer that was `right` or not; `given` is empty where it is not known any more."""
        meant: Given = ""
        try:
            meant = _meant(question, given)
            marked = mark(question, meant)
        except TorchbookError:
            marked = None
        if marked is None or marked.right != right:
            given = [] if question.options or question.items else ""
            marked = Mark(right, right_answer(question), question.why)
        return self._mark(question, marked, meant, given)

    def _question(self, question: Question) -> dict[str, Any]:
        texts = question.items or tuple(option.text for option in question.options)
        return {
            "id": question.id,
            "kind": "choice" if question.options else question.kind,
            "several": question.several,
            "ask": self.html(question.ask),
            "code": question.code,
            "wanted": input_prompt(question),
            "lines": len(str(question.answer).splitlines()),
            "choices": [{"number": i, "html": self.html(texts[i])} for i in display_order(question)],
        }

    def _mark(self, question: Question, marked: Mark, meant: Given, given: Any) -> dict[str, Any]:
        html = self.html
        kept_back = not (marked.right or question.options) and self.misses[question.id] < 2
        if kept_back:
            marked = first_miss(question, meant, marked)
        return {
            "given": given,
            "right": marked.right,
            "kept_back": kept_back,
            "answer": html(f"The answer is {marked.answer}.") if marked.answer and question.kind != "predict" else "",
            "printed": marked.answer if question.kind == "predict" and not question.options else "",
            "mistake": html(marked.mistake) if marked.mistake and not question.options else "",
            "why": html(question.why) if question.why and not kept_back else "",
            "reasons": [{"right": option.right, "html": html(option.why)} for option in question.options],
            "ran": "",
        }


def given_in_words(question: Question, given: Given) -> str:
    """Returns a choice or an order as it is recorded: the texts of the options, whatever their order on the page."""
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
