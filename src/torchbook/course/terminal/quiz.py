"""Asks a quiz at the terminal: one question after another, the reason after every answer.

The dialogue is written to standard error, so that standard output has the result only.
"""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from torchbook.answers import Answer
from torchbook.course.learner import study, workspace
from torchbook.course.learner.phrases import wanted
from torchbook.course.learner.progress import export, record_answer
from torchbook.course.terminal.commands import views
from torchbook.course.texts.plan import lesson as plan
from torchbook.course.texts.quiz import Question, Quiz, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import LETTERS, Mark, mark, presented, read_answer
from torchbook.course.workers.snippets import Ran, ran_apart
from torchbook.errors import TorchbookError


def quiz(lesson: int | None = None, /, *, answers: tuple[str, ...] = (), seed: int | None = None) -> Answer:
    """Answer the questions of a lesson; every answer gets its reason.

    Args:
        lesson: the number of the lesson; without it, which quizzes there are.
        answers: what would be typed, one for each question, to be marked without a dialogue.
        seed: draws the order in which options are shown; without it another order each time (0 without a dialogue).
    """
    own = workspace.find()
    paths = quizzes(*(own.quiz_folders() if own else ()))
    if lesson is None:
        return _overview(own, {number: read_quiz(path) for number, path in paths.items()})
    if lesson not in paths:
        known = ", ".join(f"{number:02}" for number in paths) or "none yet"
        raise TorchbookError(f"there is no quiz for lesson {lesson:02}; there are quizzes for {known}")
    asked = read_quiz(paths[lesson])
    dialogue = not answers and sys.stdin.isatty()
    if seed is None:
        seed = _rounds(own, asked) if own and dialogue else 0
    orders = {question.id: presented(question, seed=seed) for question in asked.questions}
    if not answers and not dialogue:
        return _questions(asked, orders)
    if len(answers) > len(asked.questions):
        raise TorchbookError(f"the quiz has {len(asked.questions)} questions, got {len(answers)} answers")
    marks = _asked(own, asked, orders) if dialogue else _marked(own, asked, orders, answers)
    return _result(own, asked, marks)


def _overview(own: workspace.Workspace | None, known: dict[int, Quiz]) -> Answer:
    results = study.quiz_results(own) if own else {}
    rows = [
        {
            "lesson": number,
            "title": one.title,
            "questions": len(one.questions),
            "right": sum(results.get(number, {}).values()),
        }
        for number, one in known.items()
    ]
    lines = [f"{row['lesson']:02} {row['title']:36} {row['right']} of {row['questions']} right" for row in rows]
    return Answer({"quizzes": rows}, "\n".join([*lines, "", "torchbook quiz NN asks one"] if rows else ["no quiz yet"]))


def _rounds(own: workspace.Workspace, asked: Quiz) -> int:
    """How often the first question was answered: a different order for each round."""
    answered = export(own.database)["answers"]
    return sum(row["lesson"] == asked.lesson and row["question"] == asked.questions[0].id for row in answered)


def _questions(asked: Quiz, orders: dict[str, tuple[int, ...]]) -> Answer:
    """The questions themselves, for those who ask without a terminal."""
    rows, parts = [], []
    for number, one in enumerate(asked.questions, 1):
        shown = one.items or tuple(option.text for option in one.options)
        options = {letter: shown[i] for letter, i in zip(LETTERS, orders[one.id])}
        rows.append({"id": one.id, "kind": one.kind, "ask": one.ask, "code": one.code, "options": options})
        parts += [views.question_view(one, orders[one.id], number, len(asked.questions)), ""]
    text = Group(*parts, f"answer with: torchbook quiz {asked.lesson} --answers ... (or at a terminal)")
    return Answer({"lesson": asked.lesson, "title": asked.title, "questions": rows}, text)


def _marked(
    own: workspace.Workspace | None, asked: Quiz, orders: dict[str, tuple[int, ...]], answers: tuple[str, ...]
) -> dict[str, Mark]:
    given = [
        (question, text, read_answer(question, text, orders[question.id]))
        for question, text in zip(asked.questions, answers)
    ]
    marks = {question.id: mark(question, answer) for question, _, answer in given}
    for question, text, _ in given:
        _keep(own, asked, question, marks[question.id], text)
    return marks


def _asked(own: workspace.Workspace | None, asked: Quiz, orders: dict[str, tuple[int, ...]]) -> dict[str, Mark]:
    console = Console(stderr=True)
    console.print(Text.assemble((f"{asked.lesson:02} {plan(asked.lesson).title}", "bold"), ("  Ctrl-D stops", "dim")))
    marks: dict[str, Mark] = {}
    with ThreadPoolExecutor(1) as pool:
        for number, question in enumerate(asked.questions, 1):
            # The code runs while the person thinks.
            running = pool.submit(ran_apart, question.code) if question.kind == "predict" else None
            console.print()
            console.print(views.question_view(question, orders[question.id], number, len(asked.questions)))
            said = _one(console, question, orders[question.id])
            if said is None:
                break
            text, marks[question.id] = said
            _keep(own, asked, question, marks[question.id], text)
            if running:
                console.print(_ran(running))
            console.print(views.mark_view(question, marks[question.id], orders[question.id]))
    return marks


def _one(console: Console, question: Question, order: tuple[int, ...]) -> tuple[str, Mark] | None:
    """What was typed and its mark, None at the end of the input; what cannot be an answer is asked again."""
    while True:
        try:
            text = console.input(Text.assemble((f"{wanted(question)} ", "dim"), ("› ", "bold cyan")))
            return text, mark(question, read_answer(question, text, order))
        except EOFError:
            console.print()
            return None
        except TorchbookError as error:
            console.print(Text(f"  {error}", "yellow"))


def _ran(running: Future[Ran]) -> Panel:
    ran = running.result()
    said = Text(ran.printed.rstrip())
    if ran.error:
        said.append(("\n" if ran.printed.strip() else "") + ran.error, "red")
    return Panel(said, title="run", title_align="left", border_style="cyan", expand=False)


def _keep(own: workspace.Workspace | None, asked: Quiz, question: Question, one: Mark, text: str) -> None:
    if own:
        record_answer(own.database, asked.lesson, question.id, right=one.right, given=text.strip())


def _result(own: workspace.Workspace | None, asked: Quiz, marks: dict[str, Mark]) -> Answer:
    right, of = sum(one.right for one in marks.values()), len(asked.questions)
    rows: list[dict[str, Any]] = [{"id": name} | vars(one) for name, one in marks.items()]
    lines = [f"{right} of {of} right" + (f", {of - len(marks)} not answered" if len(marks) < of else "")]
    wrong = [name for name, one in marks.items() if not one.right]
    lines += [f"again: {', '.join(wrong)}"] if wrong else []
    lines += [] if own else ["not recorded: there is no workspace yet (torchbook start makes one)"]
    data = {"lesson": asked.lesson, "right": right, "of": of, "answers": rows, "recorded": own is not None}
    return Answer(data, "\n".join(lines), 0 if right == of else 1)
