"""What of an answer is still to be written: parts that are as in the starter, or that do nothing."""

import ast
import functools

from torchbook.course.grading.exercise import Exercise


def unwritten(exercise: Exercise, source: str) -> set[str] | None:
    """The functions and classes that are still as in the starter; None if nothing was written at all."""
    try:
        written = _parts(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    starter, solution = _parts(exercise.starter), _parts(exercise.solution)
    empty = {name for name, code in written.items() if _is_empty(code)}
    open_parts = {name for name, code in starter.items() if solution.get(name) != code}
    same = {name for name in open_parts if written.get(name) == starter[name] or name in empty}
    nothing = written == {"": ""} or (bool(open_parts) and same == open_parts)
    return None if nothing else same - {""}


def _is_empty(code: str) -> bool:
    """Whether the code of a function does nothing: `pass`, `...` or raising NotImplementedError."""
    body = code.partition(":\n")[2].strip()
    return body in ("pass", "...") or body.startswith("raise NotImplementedError")


@functools.lru_cache(maxsize=4)
def _parts(source: str) -> dict[str, str]:
    """Each function and class of a file as text without comments and docstrings; the rest under an empty name."""
    parts = {"": ""}
    for node in ast.parse(source).body:
        for inner in ast.walk(node):
            if isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner) is not None:
                inner.body = inner.body[1:]
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            parts[node.name] = ast.unparse(node)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            parts[""] += ast.unparse(node) + "\n"
    return parts
