"""An exercise on a page: the text of its answer, saved as one types, check, hints, solution, and how one stands."""

import threading
from typing import Any

from torchbook.course.cards import in_words
from torchbook.course.cards.answer_file import AnswerFile
from torchbook.course.cards.card import Card, Html, Page
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner import progress, study
from torchbook.course.learner.study import Hint
from torchbook.course.learner.workspace import Workspace


class ExerciseCard(Card):
    """One exercise on one page: head, prompt, text, standing, checking, verdict, hints, solution and notice."""

    commands = ("opened", "save", "check", "stop", "hint", "show_solution", "reset")

    def __init__(self, own: Workspace, exercise: Exercise, *, page: Page, html: Html) -> None:
        super().__init__(page, html)
        self.own, self.exercise, self.file = own, exercise, AnswerFile(own, exercise)
        self._asking = threading.Lock()
        self._asked: bytes | None = None  # what is to be checked; None when there is nothing, or it is gone
        self._running: bytes | None = None
        self._stop = threading.Event()
        head = {
            "name": exercise.name,
            "title": exercise.title,
            "minutes": exercise.minutes,
            "number": exercise.number,
            "hints": len(exercise.hints),
            "path": str(self.file.path),
        }
        self.show(
            head=head,
            prompt=html(exercise.prompt),
            text=self.file.known,
            checking=False,
            verdict={},
            solution={},
            **self._standing(hints=True),
        )

    def look(self) -> None:
        """Shows what another editor has saved since the last look."""
        if (text := self.file.changed()) is not None:
            self.show(text=text)

    def opened(self) -> None:
        """Records that the learner has begun to work on it."""
        progress.record(self.own.database, self.exercise.name, "opened")

    def save(self, text: str, base: str) -> None:
        """Saves what was typed over `base` and tells what is in the file now."""
        saved = self.file.save(text, base=base)
        fields = {"text": saved.text}
        if saved.original:
            fields["notice"] = f"This file was not written in UTF-8. As it was, it is kept in {saved.original}"
        self.show(**fields)
        self.page.send({"saved": saved.text, "kept": str(saved.kept or "")})

    def check(self, text: str, base: str) -> None:
        """Saves and checks, without anybody waiting for it; what is asked during a check is checked after it."""
        self.show(notice="")
        self.save(text, base)
        with self._asking:
            self._asked = self.file.path.read_bytes()
            if self.fields["checking"]:
                return
            self._running = self._asked
            self.show(checking=True)
        threading.Thread(target=self._check, daemon=True).start()

    def _check(self) -> None:
        checking = True
        while checking:
            asked = self._running = self._asked
            fields: dict[str, Any]
            try:
                verdict = study.check(self.own, self.exercise, source=asked, stop=self._stop)
                fields = {"verdict": in_words.verdict(verdict, self.html), **self._standing()}
                if verdict.passed and self.exercise.insight:
                    fields["verdict"]["insight"] = self.html(self.exercise.insight)
            except Exception as error:  # whatever it is, the page must not wait for ever
                fields = {"notice": str(error) or type(error).__name__}
            # All at once, so that whoever sees the verdict can ask for the next.
            with self._asking:
                checking = self._asked not in (asked, None)
                self._stop.clear()
                self.show(**(fields if self._asked is not None else {}), checking=checking)

    def stop(self) -> None:
        """Ends the check that is going on, for instance that of a loop without an end."""
        with self._asking:
            if self.fields["checking"]:
                self._asked = self._running
                self._stop.set()

    def hint(self) -> None:
        """Shows the next hint."""
        study.hint(self.own, self.exercise)
        self.show(**self._standing(hints=True))

    def show_solution(self) -> None:
        """Shows the solution if it is open, else says why it is not."""
        solution = study.solution(self.own, self.exercise)
        another = self.exercise.alternatives[0].read_text(encoding="utf-8") if self.exercise.alternatives else ""
        self.show(solution=in_words.solution(solution) | {"another": another}, **self._standing())

    def reset(self) -> None:
        """Begins again with the starter; a check that is going on says nothing more of what was there."""
        copy = self.file.reset(lambda: study.reset(self.own, self.exercise))
        with self._asking:
            self._asked = None
            self.show(text=self.file.known, verdict={}, solution={})
        self.show(**self._standing(hints=True))
        self.page.send({"reset": self.file.known, "kept": str(copy or "")})

    def _standing(self, *, hints: bool = False) -> dict[str, Any]:
        standing = study.standing(self.own, self.exercise)
        fields: dict[str, Any] = {"standing": in_words.standing(standing)}
        if hints:
            every = self.exercise.hints
            fields["hints"] = [
                in_words.hint(Hint(text, number, len(every)), self.html)
                for number, text in enumerate(every[: standing.hints_now], 1)
            ]
        return fields
