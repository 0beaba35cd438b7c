"""A project's document and the rubric in it, read and not run."""

from pathlib import Path

import pytest

from torchbook.course.runtime.dataflow import steps
from torchbook.course.runtime.program import program
from torchbook.course.texts.document import parsed, projects
from torchbook.course.texts.document_rubric import Criterion, criteria, rubric_source
from torchbook.errors import TorchbookError

FRONT = "---\ntitle: T\nline: L\nafter: 9\n---\n"
RUBRIC = '```python rubric\ndef good(answer, slopes):\n    """It is\n    good.\n\n    Really."""\n```\n'


def project(body, front=FRONT):
    return parsed(f"{front}::: exercise slopes\n\n{body}", Path("P1_name.md"))


def test_criteria_have_a_sentence_what_they_take_and_their_line():
    made = project(f"{RUBRIC}\ntext\n\n```python rubric\ndef _not(x): ...\n\ndef fast(run):\n    'Fast.'\n```")
    assert (made.label, made.is_project, made.front.after) == ("P1", True, 9)
    first, second = criteria(made)
    assert first == Criterion("good", "It is good.", ("answer", "slopes"), 9, "top-c1")
    assert (second.name, second.takes, second.line, second.cell) == ("fast", ("run",), 21, "top-c2")
    lines = rubric_source(made).splitlines()
    assert lines[8].startswith("def good") and lines[20].startswith("def fast") and not any(lines[:8])
    assert not any(step.made for step in steps(made)) and "def good" not in program(made)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("text", "P1_name.md:1: a project needs a rubric"),
        ("```python rubric\ndef good(answer): ...\n```", "P1_name.md:9: good has no docstring"),
        ("```python rubric\ndef good():\n    'Good.'\n```", "P1_name.md:9: good takes nothing to judge"),
        ("```python rubric\ndef good(slope):\n    'Good.'\n```", "P1_name.md:9: good takes 'slope'.*'slopes'"),
        (RUBRIC + RUBRIC, "P1_name.md:16: good is also in line 9"),
        ("```python rubrik\nx = 1\n```", "P1_name.md:8: .*expected hidden, stage, deeper, rubric"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(body, message):
    with pytest.raises(TorchbookError, match=message):
        project(body)


def test_a_project_comes_after_a_lesson_and_a_lesson_after_nothing():
    with pytest.raises(TorchbookError, match=r"P1_name.md:1: the front matter lacks 'after"):
        project(RUBRIC, FRONT.replace("after: 9\n", ""))
    with pytest.raises(TorchbookError, match=r"P1_name.md:4: after: expected the number of a lesson"):
        project(RUBRIC, FRONT.replace("9", "nine"))
    with pytest.raises(TorchbookError, match=r"09_name.md:1: 'after: 9' is for projects"):
        parsed(FRONT, Path("09_name.md"))
    with pytest.raises(TorchbookError, match=r"expected a document with a name such as 09_autograd.md or P1_engine.md"):
        parsed(FRONT, Path("P_name.md"))


def test_projects_are_in_the_order_of_their_numbers(tmp_path):
    for name in ("P10_last.md", "P2_second.md", "notes.md"):
        (tmp_path / name).write_text("")
    assert list(projects(tmp_path)) == ["P2", "P10"]
