"""The course as a tree of parts and lessons: what is done, with how much help, in which time, and what to review."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.text import Text
from rich.tree import Tree

from torchbook.course.grading.exercise import Exercise
from torchbook.course.learner.progress import Standing
from torchbook.course.learner.study import Review
from torchbook.course.terminal.views import dot, duration, spent
from torchbook.course.texts.plan import LESSONS, lesson


def progress_view(
    exercises: Sequence[Exercise],
    now: dict[str, Standing],
    quizzes: dict[int, int],
    results: dict[int, dict[str, bool]],
    review: Sequence[Review],
) -> RenderableType:
    """The course as a tree of parts and lessons, with what is done; then what to come back to.

    `quizzes` is the number of questions of each lesson that has a quiz, `results` what was answered.
    """
    passed = sum(now.get(one.name, Standing()).passed for one in exercises)
    right = sum(sum(answers.values()) for answers in results.values())
    total = sum(one.seconds for one in now.values())
    filled = round(20 * passed / max(1, len(exercises)))
    head = Text.assemble(
        ("━" * filled, "green"),
        ("─" * (20 - filled), "bright_black"),
        (f"  {passed} of {len(exercises)} exercises", "bold"),
        (f" · {right} of {sum(quizzes.values())} quiz questions", "") if quizzes else "",
        (f" · {duration(total)}" if total >= 1 else "", ""),
    )
    tree = Tree(Text("The course", "bold"), guide_style="bright_black")
    numbers = sorted({one.number for one in LESSONS} | {one.lesson for one in exercises} | set(quizzes))
    parts: dict[str, Tree] = {}
    for number in numbers:
        plan = lesson(number)
        if plan.part not in parts:
            parts[plan.part] = tree.add(Text(plan.part, "bold"))
        own = [one for one in exercises if one.lesson == number]
        branch = parts[plan.part].add(_lesson_row(number, own, now, quizzes.get(number, 0), results.get(number, {})))
        states = [now.get(one.name, Standing()) for one in own]
        if any(one.tries or one.hints or one.passed for one in states) and not all(one.passed for one in states):
            for exercise, one in zip(own, states):
                name = Text.assemble(dot(one), " ", (f"{exercise.name:24}", "" if one.passed else "cyan"))
                branch.add(Text.assemble(name, (spent(one), "dim")))
    blocks: list[RenderableType] = [tree, Text()]
    if review:
        blocks.append(Rule("to review", align="left", style="yellow"))
        blocks += [
            Text.assemble((f"  {one.lesson:02} {one.exercise or 'quiz'}", "cyan"), f"  {one.reason}") for one in review
        ]
        blocks.append(Text())
    return Group(*blocks, head)


def _lesson_row(
    number: int, own: Sequence[Exercise], now: dict[str, Standing], questions: int, answers: dict[str, bool]
) -> Text:
    states = [now.get(one.name, Standing()) for one in own]
    done = bool(own) and all(one.passed for one in states)
    title = f"{number:02} {lesson(number).title}"
    row = Text(f"{title:36}", "green" if done else "" if own or questions else "dim")
    for one in states:
        row.append_text(dot(one))
    if own:
        row.append(f"{' ' * max(1, 6 - len(own))}{sum(one.passed for one in states)}/{len(own)}")
    elif questions:
        row.append(" " * 9)
    if questions:
        right = sum(answers.values())
        row.append(f"   quiz {right}/{questions}", "green" if right == questions else "yellow" if answers else "dim")
    hints, seconds = sum(one.hints for one in states), sum(one.seconds for one in states)
    told = [f"{hints} {'hint' if hints == 1 else 'hints'}"] if hints else []
    told += [duration(seconds)] if seconds >= 1 else []
    row.append("".join(f"   {part}" for part in told), "dim")
    row.rstrip()
    return row
