"""Runs the few lines of code in questions and glossary entries, to show what they do and to prove what is said.

`python -m torchbook.course.authoring.proofs FILE...` reads quizzes (TOML) and glossaries
(Markdown), runs all their code and says what is not as stated; without a file, everything that torchbook ships.
"""

import ast
import sys
from pathlib import Path
from typing import Any

from torchbook.course.texts.glossary import GLOSSARY, Entry, read_glossary
from torchbook.course.texts.quiz import Question, quizzes, read_quiz, same_text
from torchbook.course.texts.quiz_marks import right_answer
from torchbook.course.workers.snippets import names, ran
from torchbook.errors import TorchbookError


def unproven(question: Question) -> list[str]:
    """What a question's own code and proofs do not bear out, in a sentence each; nothing if all is as stated."""
    scope = names()
    first = ran(question.code, scope)
    if question.kind == "predict":
        return [] if _printed(question, first.outcome) else [_differs("the code", first.outcome, question)]
    if first.error:
        return [f"the code fails with {first.error}"]
    found = []
    try:
        for option in question.options:
            if option.proof and bool(eval(option.proof, scope)) != option.right:
                found.append(f"the proof of the option {option.text!r} is {not option.right}")
        if question.proof and not _proves(question, value := eval(question.proof, scope)):
            found.append(_differs("the proof", value, question))
    except Exception as error:
        found.append(f"the proof fails with {type(error).__name__}: {error}")
    return found


def _differs(what: str, value: Any, question: Question) -> str:
    return f"{what} gives {value!r}, the stated answer is {right_answer(question)!r}"


def _printed(question: Question, text: str) -> bool:
    """Whether the text is the stated answer or, among options, that of the right ones and of no other."""
    if question.options:
        return all(same_text(option.text.replace("`", ""), text) == option.right for option in question.options)
    return isinstance(question.answer, str) and same_text(question.answer, text)


def _proves(question: Question, value: Any) -> bool:
    if question.options:
        return _printed(question, str(value))
    if question.kind == "shape":
        return tuple(getattr(value, "shape", value)) == question.answer
    return tuple(value) == question.items if question.items else question.is_answer(float(value))


def unproven_entry(entry: Entry) -> list[str]:
    """Returns the statements of an entry's code that fail or do not give what the comment after them says."""
    scope = names()
    first = ran(entry.code, scope)
    if first.error:
        return [f"the code fails with {first.error}"]
    wrong = []
    scope = names()
    lines = entry.code.splitlines()
    for statement in ast.parse(entry.code).body:
        code = ast.get_source_segment(entry.code, statement) or ""
        _, _, stated = lines[(statement.end_lineno or 1) - 1].partition("  # ")
        if stated and isinstance(statement, ast.Expr):
            value = eval(code, scope)
            if not _says(stated, value):
                wrong.append(f"{code} is {value!r}, the comment says {stated}")
        else:
            ran(code, scope)
    return wrong


def _says(stated: str, value: object) -> bool:
    if any(same_text(stated, said) for said in (repr(value), str(value))):
        return True
    try:
        return abs(float(stated) - float(value)) <= 0.5 * 10.0 ** -len(stated.partition(".")[2])  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def main(paths: list[Path]) -> int:
    """Proves the files, prints what is wrong with them, and returns how many statements are not as stated."""
    wrong = 0
    for path in paths or [*quizzes().values(), GLOSSARY]:
        try:
            if path.suffix == ".toml":
                complaints = [(one.id, said) for one in read_quiz(path).questions for said in unproven(one)]
            else:
                complaints = [(one.term, said) for one in read_glossary(path) for said in unproven_entry(one)]
        except TorchbookError as error:
            complaints = [("not read", str(error))]
        for name, said in complaints:
            print(f"{path.name}, {name}: {said}")
        wrong += len(complaints)
    print(f"{wrong} not as stated" if wrong else "all as stated")
    return wrong


if __name__ == "__main__":
    sys.exit(min(main([Path(word) for word in sys.argv[1:]]), 1))
