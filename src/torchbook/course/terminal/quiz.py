"""Asks a quiz at the terminal: one question after another, the reason after every answer.

The dialogue is written to standard error, so that standard output has the result only.
"""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from torchbook.command_answer import Answer
from torchbook.course.learner import study
from torchbook.course.learner import workspace as workspaces
from torchbook.course.learner.phrases import input_prompt
from torchbook.course.learner.progress import export, record_answer
from torchbook.course.learner.workspace import Workspace
from torchbook.course.terminal import views
from torchbook.course.texts.plan import planned_lesson
from torchbook.course.texts.quiz import Question, Quiz, quizzes, read_quiz
from torchbook.course.texts.quiz_marks import LETTERS, Given, Mark, display_order, first_miss, mark, read_answer
from torchbook.course.workers.snippets import Ran, ran_apart
from torchbook.errors import TorchbookError


def quiz(lesson: int | None = None, /, *, answers: tuple[str, ...] = (), seed: int | None = None) -> Answer:
    """Answer the questions of a lesson; every answer gets its reason.

    Args:
        lesson: the number of the lesson; without it, the quizzes are listed.
        answers: what would be typed, one for each question, to be marked without a dialogue.
        seed: draws the order in which options are shown; without it another order each time (0 without a dialogue).
    """
    workspace = workspaces.find()
    paths = quizzes(*(workspace.quiz_folders() if workspace else ()))
    if lesson is None:
        return _overview(workspace, {number: read_quiz(path) for number, path in paths.items()})
    if lesson not in paths:
        numbers = ", ".join(f"{number:02}" for number in paths) or "none yet"
        raise TorchbookError(f"there is no quiz for lesson {lesson:02}; there are quizzes for {numbers}")
    lesson_quiz = read_quiz(paths[lesson])
    dialogue = not answers and sys.stdin.isatty()
    if seed is None:
        seed = _rounds_done(workspace, lesson_quiz) if workspace and dialogue else 0
    orders = {question.id: display_order(question, seed=seed) for question in lesson_quiz.questions}
    if not answers and not dialogue:
        return _questions(lesson_quiz, orders)
    if len(answers) > len(lesson_quiz.questions):
        raise TorchbookError(f"the quiz has {len(lesson_quiz.questions)} questions, got {len(answers)} answers")
    marks = (
        _ask_quiz(workspace, lesson_quiz, orders)
        if dialogue
        else _mark_answers(workspace, lesson_quiz, orders, answers)
    )
    return _result(workspace, lesson_quiz, marks)


def _overview(workspace: Workspace | None, quizzes_by_lesson: dict[int, Quiz]) -> Answer:
    results = study.quiz_results(workspace) if workspace else {}
    rows = [
        {
            "lesson": number,
            "title": quiz.title,
            "questions": len(quiz.questions),
            "right": sum(results.get(number, {}).values()),
        }
        for number, quiz in quizzes_by_lesson.items()
    ]
    lines = [f"{row['lesson']:02} {row['title']:36} {row['right']} of {row['questions']} right" for row in rows]
    return Answer(
        {"quizzes": rows}, "\n".join([*lines, "", "torchbook quiz NN starts one"] if rows else ["no quiz yet"])
    )


def _rounds_done(workspace: Workspace, quiz: Quiz) -> int:
    """Returns how often the first question was answered, as the seed of another order for each round."""
    answered = export(workspace.database)["answers"]
    return sum(row["lesson"] == quiz.lesson and row["question"] == quiz.questions[0].id for row in answered)


def _questions(quiz: Quiz, orders: dict[str, tuple[int, ...]]) -> Answer:
    """Returns the questions themselves, for a caller without a terminal."""
    rows, parts = [], []
    for number, question in enumerate(quiz.questions, 1):
        choices = question.items or tuple(option.text for option in question.options)
        options = {letter: choices[i] for letter, i in zip(LETTERS, orders[question.id])}
        rows.append(
            {"id": question.id, "kind": question.kind, "ask": question.ask, "code": question.code, "options": options}
        )
        parts += [views.question_view(question, orders[question.id], number, len(quiz.questions)), ""]
    text = Group(*parts, f"answer with: torchbook quiz {quiz.lesson} --answers ... (or at a terminal)")
    return Answer({"lesson": quiz.lesson, "title": quiz.title, "questions": rows}, text)


def _mark_answers(
    workspace: Workspace | None,
    quiz: Quiz,
    orders: dict[str, tuple[int, ...]],
    answers: tuple[str, ...],
) -> dict[str, Mark]:
    read = [
        (question, text, read_answer(question, text, orders[question.id]))
        for question, text in zip(quiz.questions, answers)
    ]
    marks = {question.id: mark(question, answer) for question, _, answer in read}
    for question, text, _ in read:
        _record(workspace, quiz, question, marks[question.id], text)
    return marks


def _ask_quiz(workspace: Workspace | None, quiz: Quiz, orders: dict[str, tuple[int, ...]]) -> dict[str, Mark]:
    console = Console(stderr=True)
    console.print(
        Text.assemble((f"{quiz.lesson:02} {planned_lesson(quiz.lesson).title}", "bold"), ("  Ctrl-D stops", "dim"))
    )
    marks: dict[str, Mark] = {}
    with ThreadPoolExecutor(1) as pool:
        for number, question in enumerate(quiz.questions, 1):
            # The code runs while the person thinks.
            running = pool.submit(ran_apart, question.code) if question.kind == "predict" else None
            console.print()
            console.print(views.question_view(question, orders[question.id], number, len(quiz.questions)))
            answered = _ask_question(console, question, orders[question.id])
            if answered is None:
                break
            text, given, marked = answered
            _record(workspace, quiz, question, marked, text)
            if not (marked.right or question.options):  # the answer is told at the second miss
                console.print(views.first_miss_view(first_miss(question, given, marked)))
                if (answered := _ask_question(console, question, orders[question.id])) is not None:
                    text, given, marked = answered
                    _record(workspace, quiz, question, marked, text)
            marks[question.id] = marked
            if running:
                console.print(_output_panel(running))
            console.print(views.mark_view(question, marks[question.id], orders[question.id]))
    return marks


def _ask_question(console: Console, question: Question, order: tuple[int, ...]) -> tuple[str, Given, Mark] | None:
    """Asks until the input can be an answer; returns what was typed, as read, and its mark, None at the end."""
    while True:
        try:
            text = console.input(Text.assemble((f"{input_prompt(question)} ", "dim"), ("› ", "bold cyan")))
            given = read_answer(question, text, order)
            return text, given, mark(question, given)
        except EOFError:
            console.print()
            return None
        except TorchbookError as error:
            console.print(Text(f"  {error}", "yellow"))


def _output_panel(running: Future[Ran]) -> Panel:
    result = running.result()
    output = Text(result.printed.rstrip())
    if result.error:
        output.append(("\n" if result.printed.strip() else "") + result.error, "red")
    return Panel(output, title="run", title_align="left", border_style="cyan", expand=False)


def _record(workspace: Workspace | None, quiz: Quiz, question: Question, mark: Mark, text: str) -> None:
    if workspace:
        record_answer(workspace.database, quiz.lesson, question.id, right=mark.right, given=text.strip())


def _result(workspace: Workspace | None, quiz: Quiz, marks: dict[str, Mark]) -> Answer:
    right, of = sum(mark.right for mark in marks.values()), len(quiz.questions)
    rows: list[dict[str, Any]] = [{"id": name} | vars(mark) for name, mark in marks.items()]
    lines = [f"{right} of {of} right" + (f", {of - len(marks)} not answered" if len(marks) < of else "")]
    wrong = [name for name, mark in marks.items() if not mark.right]
    lines += [f"again: {', '.join(wrong)}"] if wrong else []
    lines += [] if workspace else ["not recorded: there is no workspace yet (torchbook start makes one)"]
    data = {"lesson": quiz.lesson, "right": right, "of": of, "answers": rows, "recorded": workspace is not None}
    return Answer(data, "\n".join(lines), 0 if right == of else 1)
