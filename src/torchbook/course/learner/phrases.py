"""How the terminal and the page say the same in a few words: outcomes, durations, what was spent, what to type."""

from torchbook.course.learner.progress import Standing
from torchbook.course.texts.quiz import Question

# outcome: (sign, colour, headline)
OUTCOMES: dict[str, tuple[str, str, str]] = {
    "passed": ("✓", "green", "passed"),
    "wrong": ("✗", "red", "not right yet"),
    "error": ("✗", "red", "an error in your code"),
    "not attempted": ("○", "yellow", "not attempted yet"),
    "too slow": ("✗", "red", "too slow"),
    "crashed": ("✗", "red", "crashed"),
    "forbidden": ("✗", "red", "right or not, it uses what is off limits here"),
}


def spent(one: Standing) -> str:
    """Tries, hints and time in a few words."""
    parts = [f"{one.tries} {'try' if one.tries == 1 else 'tries'}"] if one.tries else []
    parts += [f"{one.hints} {'hint' if one.hints == 1 else 'hints'}"] if one.hints else []
    parts += ["solution seen"] if one.solution_seen else []
    parts += [duration(one.seconds)] if one.seconds >= 1 else []
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"


def wanted(question: Question) -> str:
    """What to type for this question, in a few words."""
    if question.options:
        return "letters of all that are right" if question.several else "a letter"
    lines = len(str(question.answer).splitlines())
    kinds = {
        "number": f"a number{f' ({question.unit})' if question.unit else ''}",
        "shape": "a shape, as 3, 4",
        "order": "all letters in the right order",
        "predict": f"what it prints{' (a space between lines)' if lines > 1 else ''}, or the name of the exception",
    }
    return kinds[question.kind]
