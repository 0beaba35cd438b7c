"""Renders exercises, verdicts, hints, questions and glossary entries of the course for the terminal, with rich."""

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from torchbook.course.grading.checking import CaseResult, Verdict
from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner.phrases import OUTCOMES, duration, effort
from torchbook.course.learner.progress import HONEST_TRIES, Standing
from torchbook.course.learner.project import Review
from torchbook.course.learner.study import Hint, Solution
from torchbook.course.texts.document import Document
from torchbook.course.texts.formula import readable
from torchbook.course.texts.glossary import Entry
from torchbook.course.texts.plan import planned_lesson
from torchbook.course.texts.quiz import Question
from torchbook.course.texts.quiz_marks import LETTERS, Mark

_CODE = "ansi_dark"
_LINES = 12  # of a value that is shown


def markdown(text: str) -> RenderableType:
    """Renders Markdown, with its formulas as text."""
    return Markdown(readable(text), code_theme=_CODE, inline_code_theme=_CODE)


def exercise_head(exercise: Exercise, answer: Path) -> RenderableType:
    """Renders the title of an exercise, its place in the course, the time it takes and the file to edit."""
    place = f"lesson {exercise.lesson:02} {planned_lesson(exercise.lesson).title} · about {exercise.minutes} min"
    return Group(
        Text.assemble((exercise.title, "bold"), ("  " + exercise.name, "cyan"), ("  " + place, "dim")),
        Text.assemble(("edit  ", "dim"), (str(answer), "underline"), overflow="fold"),
    )


def prompt(exercise: Exercise) -> RenderableType:
    """Renders the task of an exercise."""
    return markdown(exercise.prompt)


def verdict_view(verdict: Verdict, standing: Standing, *, keys: bool = False) -> RenderableType:
    """Renders a verdict: headline, hint, failed cases, output of the code and what to do next (by keys if `keys`)."""
    sign, colour, headline = OUTCOMES[verdict.outcome]
    failed = [case for case in verdict.cases if not case.passed]
    count = f"  {len(verdict.cases) - len(failed)} of {len(verdict.cases)} cases" if verdict.cases else ""
    parts: list[RenderableType] = [
        Text.assemble(
            (f"{sign} {headline}", f"bold {colour}"), (count, colour), (f"  {duration(verdict.seconds)}", "dim")
        )
    ]
    if verdict.message and not verdict.passed:
        parts.append(Padding(Text(verdict.message), (0, 0, 0, 2)))
    if verdict.hint:
        title = verdict.mistake.replace("_", " ") if verdict.mistake else "hint"
        parts.append(
            Panel(markdown(verdict.hint), title=Text(title, "bold"), title_align="left", border_style="yellow")
        )
    parts += [_case(case, verdict.message) for case in failed[:1]]
    if rest := failed[1:]:
        parts.append(Text("  ✗ also: " + ", ".join(dict.fromkeys(case.name for case in rest)), "red"))
    if verdict.printed.strip():
        parts.append(
            Panel(
                Text(_clipped(verdict.printed.rstrip())),
                title="your code printed",
                title_align="left",
                border_style="dim",
            )
        )
    if not verdict.passed:
        parts.append(Text(_what_next(standing, keys), "dim"))
    return Group(*parts)


_SIGNS = {"met": ("✓", "green"), "not met": ("✗", "red"), "a person must judge": ("?", "yellow")}


def review_view(project: Document, file: Path | None, review: Review) -> RenderableType:
    """Renders what the rubric of a project says: each criterion with its finding, and how many are met."""
    parts: list[RenderableType] = [
        Text.assemble((project.front.title, "bold"), (f"  {project.label}", "cyan"), ("  project", "dim"))
    ]
    if file:
        parts.append(Text.assemble(("edit  ", "dim"), (str(file), "underline"), overflow="fold"))
    for criterion, judgement in review.judgements:
        sign, colour = _SIGNS[judgement.finding]
        parts.append(Text.assemble((f"{sign} ", colour), (criterion.sentence, "bold"), f"  {judgement.finding}"))
        parts.append(Padding(Text(judgement.sentence), (0, 0, 0, 2)))
    left = f", {count} for a person to judge" if (count := review.count("a person must judge")) else ""
    parts.append(Text(f"{review.count('met')} of {len(review.judgements)} met{left}", "dim"))
    return Group(*parts)


def _case(case: CaseResult, message: str) -> RenderableType:
    """Renders a failed case, without its message if `message` already has it."""
    parts: list[RenderableType] = [Text.assemble(("✗ ", "red"), (case.name, "bold"))]
    if case.message and case.message not in message:
        parts.append(Padding(Text(case.message), (0, 0, 0, 2)))
    for name, value in (("call", case.call), ("returned", case.returned), ("expected", case.expected)):
        if "\n" in value or len(value) > 60:
            parts += [Text(f"  {name}", "dim"), Padding(Text(_clipped(value)), (0, 0, 0, 4))]
        elif value:
            parts.append(Text.assemble((f"  {name:10}", "dim"), value))
    return Padding(Group(*parts), (0, 0, 0, 2))


def _clipped(value: str) -> str:
    lines = value.splitlines()
    return value if len(lines) <= _LINES else "\n".join([*lines[:_LINES], f"… {len(lines) - _LINES} lines more"])


def _what_next(standing: Standing, keys: bool) -> str:
    hint, solution = ("h for a hint", "s for the solution") if keys else ("torchbook hint", "torchbook solution")
    if standing.may_see_solution:
        return f"stuck? {hint}, {solution}"
    return f"stuck? {hint}; {solution} opens after {HONEST_TRIES} honest tries, so far {standing.honest}"


def hint_view(hint: Hint) -> RenderableType:
    """Renders one hint in a frame."""
    title = f"hint {hint.number} of {hint.of}"
    return Panel(markdown(hint.text), title=title, title_align="left", border_style="yellow")


def solution_view(solution: Solution) -> RenderableType:
    """Renders the difference between the learner's answer and the solution, or the solution if there is no answer."""
    if not solution.diff:
        return Syntax(solution.source, "python", theme=_CODE, background_color="default")
    text = Text()
    for line in solution.diff.splitlines()[3:]:  # after the heads of the two files and of the one hunk
        text.append(line + "\n", {"-": "red", "+": "green"}.get(line[:1], ""))
    return Group(Text.assemble(("- your answer  ", "red"), ("+ the solution", "green")), text)


def listing(
    exercises: Sequence[Exercise], standings: dict[str, Standing], chosen: Exercise | None = None
) -> RenderableType:
    """Renders all exercises, one a line, with their progress; marks the `chosen` one."""
    table = Table.grid(padding=(0, 2))
    # Where the terminal is narrow, the columns that may wrap give way (title, spent), though their cells never do.
    for may_wrap in (False, False, False, False, False, True, True):
        table.add_column(no_wrap=not may_wrap)
    for exercise in exercises:
        standing = standings.get(exercise.name, Standing())
        mark = "▶" if exercise == chosen else " "
        style = "bold" if exercise == chosen else ""
        row = (f"{exercise.lesson:02}", exercise.name, f"{exercise.minutes} min", exercise.title, effort(standing))
        table.add_row(mark, dot(standing), *(Text(cell, style, no_wrap=True, overflow="ellipsis") for cell in row))
    return table


def dot(standing: Standing) -> Text:
    """Returns a dot for passed, begun or untouched; a pass after the solution was shown has another colour."""
    if standing.passed:
        return Text("●", "yellow" if standing.solution_seen else "green")
    return Text("◐", "yellow") if standing.tries or standing.hints else Text("○", "dim")


def question_view(question: Question, order: tuple[int, ...], number: int, of: int) -> RenderableType:
    """Renders a question, number `number` of `of`, with its code and its options in this order."""
    parts: list[RenderableType] = [
        Text.assemble((f"{number}", "bold cyan"), (f" of {of}", "dim")),
        markdown(question.ask),
    ]
    if question.code:
        code = Syntax(question.code.strip(), "python", theme=_CODE, background_color="default")
        parts.append(Panel(code, box=box.ROUNDED, border_style="bright_black", expand=False))
    table = Table.grid(padding=(0, 1))
    for letter, i in zip(LETTERS, order):
        table.add_row(
            Text(f"  {letter}", "bold"), markdown(question.items[i] if question.items else question.options[i].text)
        )
    return Group(*parts, table) if order else Group(*parts)


def mark_view(question: Question, mark: Mark, order: tuple[int, ...]) -> RenderableType:
    """Renders right or wrong, and why; for a choice the reason of every option."""
    head = Text("✓ right", "bold green") if mark.right else Text("✗ wrong", "bold red")
    if question.options:
        table = Table.grid(padding=(0, 1))
        for letter, i in zip(LETTERS, order):
            option = question.options[i]
            sign = Text("✓", "green") if option.right else Text("✗", "red")
            table.add_row("  ", sign, letter, markdown(option.why))
        return Group(head, table, *([markdown(question.why)] if question.why else []))
    lines = [] if mark.right else [Text.assemble("  the answer is ", (mark.answer.replace("`", ""), "bold"))]
    return Group(head, *lines, *(Padding(markdown(why), (0, 0, 0, 2)) for why in (mark.mistake, mark.why) if why))


def first_miss_view(mark: Mark) -> RenderableType:
    """Renders a first miss: what is wrong, and that the question may be answered once more."""
    head = Text("✗ not yet, once more", "bold yellow")
    return Group(head, Padding(markdown(mark.mistake), (0, 0, 0, 2))) if mark.mistake else head


def entry_view(entry: Entry) -> RenderableType:
    """Renders an entry of the glossary."""
    head = Text(entry.term, "bold")
    if entry.aliases:
        head.append(f"  also {', '.join(entry.aliases)}", "dim")
    parts: list[RenderableType] = [head, markdown(entry.text)]
    if entry.formula:
        parts.append(markdown(f"$${entry.formula}$$"))
    if entry.code:
        parts.append(Padding(Syntax(entry.code, "python", theme=_CODE, background_color="default"), (1, 0, 0, 4)))
    lessons = ", ".join(f"{number:02} {planned_lesson(number).title}" for number in entry.lessons)
    parts += [Text(), Text.assemble(("lessons  ", "dim"), lessons)]
    if entry.see:
        parts.append(Text.assemble(("see      ", "dim"), ", ".join(entry.see)))
    return Group(*parts)
