"""The course as a tree of parts and lessons: what is done, with how much help, in which time, and what to review."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.text import Text
from rich.tree import Tree

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.study import Review
from torchbook.course.terminal.views import dot, duration, effort
from torchbook.course.texts.plan import LESSONS, planned_lesson


def progress_view(
    exercises: Sequence[Exercise],
    standings: dict[str, Standing],
    quizzes: dict[int, int],
    results: dict[int, dict[str, bool]],
    review: Sequence[Review],
) -> RenderableType:
    """Returns the course as a tree of parts and lessons, with what is done; then what to come back to.

    `quizzes` is the number of questions by lesson; `results` are the answers by lesson and question, True if right.
    """
    passed = sum(standings.get(exercise.name, Standing()).passed for exercise in exercises)
    right = sum(sum(answers.values()) for answers in results.values())
    total = sum(standing.seconds for standing in standings.values())
    filled = round(20 * passed / max(1, len(exercises)))
    head = Text.assemble(
        ("━" * filled, "green"),
        ("─" * (20 - filled), "bright_black"),
        (f"  {passed} of {len(exercises)} exercises", "bold"),
        (f" · {right} of {sum(quizzes.values())} quiz questions", "") if quizzes else "",
        (f" · {duration(total)}" if total >= 1 else "", ""),
    )
    tree = Tree(Text("The course", "bold"), guide_style="bright_black")
    numbers = sorted({lesson.number for lesson in LESSONS} | {exercise.lesson for exercise in exercises} | set(quizzes))
    parts: dict[str, Tree] = {}
    for number in numbers:
        plan = planned_lesson(number)
        if plan.part not in parts:
            parts[plan.part] = tree.add(Text(plan.part, "bold"))
        of_lesson = [exercise for exercise in exercises if exercise.lesson == number]
        branch = parts[plan.part].add(
            _lesson_row(number, of_lesson, standings, quizzes.get(number, 0), results.get(number, {}))
        )
        states = [standings.get(exercise.name, Standing()) for exercise in of_lesson]
        begun = any(state.tries or state.hints or state.passed for state in states)
        if begun and not all(state.passed for state in states):
            for exercise, state in zip(of_lesson, states):
                name = Text.assemble(dot(state), " ", (f"{exercise.name:24}", "" if state.passed else "cyan"))
                branch.add(Text.assemble(name, (effort(state), "dim")))
    blocks: list[RenderableType] = [tree, Text()]
    if review:
        blocks.append(Rule("to review", align="left", style="yellow"))
        blocks += [
            Text.assemble((f"  {item.lesson:02} {item.exercise or 'quiz'}", "cyan"), f"  {item.reason}")
            for item in review
        ]
        blocks.append(Text())
    return Group(*blocks, head)


def _lesson_row(
    number: int, exercises: Sequence[Exercise], standings: dict[str, Standing], questions: int, answers: dict[str, bool]
) -> Text:
    states = [standings.get(exercise.name, Standing()) for exercise in exercises]
    done = bool(exercises) and all(standing.passed for standing in states)
    title = f"{number:02} {planned_lesson(number).title}"
    row = Text(f"{title:36}", "green" if done else "" if exercises or questions else "dim")
    for standing in states:
        row.append_text(dot(standing))
    if exercises:
        row.append(f"{' ' * max(1, 6 - len(exercises))}{sum(standing.passed for standing in states)}/{len(exercises)}")
    elif questions:
        row.append(" " * 9)
    if questions:
        right = sum(answers.values())
        row.append(f"   quiz {right}/{questions}", "green" if right == questions else "yellow" if answers else "dim")
    hints, seconds = sum(standing.hints for standing in states), sum(standing.seconds for standing in states)
    details = [f"{hints} {'hint' if hints == 1 else 'hints'}"] if hints else []
    details += [duration(seconds)] if seconds >= 1 else []
    row.append("".join(f"   {part}" for part in details), "dim")
    row.rstrip()
    return row
