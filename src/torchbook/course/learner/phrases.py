"""Short phrases that the terminal and the page share: outcomes, durations, effort spent, prompts for an answer."""

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


def effort(standing: Standing) -> str:
    """Returns tries, hints and time in a few words: `3 tries · 1 hint · 4 min`."""
    parts = [f"{standing.tries} {'try' if standing.tries == 1 else 'tries'}"] if standing.tries else []
    parts += [f"{standing.hints} {'hint' if standing.hints == 1 else 'hints'}"] if standing.hints else []
    parts += ["solution seen"] if standing.solution_seen else []
    parts += [duration(standing.seconds)] if standing.seconds >= 1 else []
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Returns a duration in seconds as a person would say it: `240 ms`, `12 s`, `5 min`, `2 h 05 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"


def input_prompt(question: Question) -> str:
    """Returns a few words that say what to type as the answer to this question."""
    if question.options:
        return "letters of all that are right" if question.several else "a letter"
    lines = len(str(question.answer).splitlines())
    kinds = {
        "number": f"a number{f' ({question.unit})' if question.unit else ''}",
        "shape": "a shape, such as 3, 4",
        "order": "all letters in the right order",
        "predict": f"what it prints{' (a space between lines)' if lines > 1 else ''}, or the name of the exception",
    }
    return kinds[question.kind]
