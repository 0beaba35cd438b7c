"""A project from its document to what its rubric says of the learner's work."""

import json

import pytest

from torchbook.cli import main
from torchbook.course.authoring.project_check import project_faults
from torchbook.course.learner import progress
from torchbook.course.learner.project import answer_file, check_project, find_project, judge_work, starter
from torchbook.course.learner.workspace import make
from torchbook.course.texts import document
from torchbook.course.texts.document import parsed, read_document
from torchbook.errors import TorchbookError

PROJECT = '''---
title: A line of your own
line: From four points to a line.
after: 9
---

Write a function `fit` and train a run.

::: exercise slopes_by_autograd

```python
import torch

torch.ones(2)
```

## What is asked for

```python rubric
from torchbook.course.grading.rubric import a_person_must_judge, met, not_met

LIMIT = 0.5


def _far(value):
    return abs(value - 2) > LIMIT


def it_finds_the_slope(answer):
    """`fit` finds the slope 2."""
    slope = answer.fit([0.0, 1.0], [1.0, 3.0])
    return not_met(f"It found {slope}.") if _far(slope) else met(f"It found {slope}.")


def the_run_is_good(run):
    """A run
    with a loss below one."""
    loss = (run.result or {}).get("loss")
    return met(f"The loss is {loss}.") if loss is not None and loss < 1 else not_met(f"The loss is {loss}.")


def the_exercise_is_there(slopes_by_autograd, answer):
    """The exercise is done."""
    names = [name for name in vars(slopes_by_autograd) if not name.startswith("__")]
    return met(f"It makes {', '.join(names)}.") if names else not_met("It makes nothing.")


def it_reads_well(answer):
    """A stranger understands it."""
    return a_person_must_judge("Give it to somebody.")
```
'''
SOLUTION = "def fit(x, y):\n    return (y[1] - y[0]) / (x[1] - x[0])\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The document of a small project in a folder of its own."""
    folder = tmp_path / "projects"
    (folder / "P7_line").mkdir(parents=True)
    (folder / "P7_line.md").write_text(PROJECT)
    (folder / "P7_line" / "starter.py").write_text("def fit(x, y):\n    ...\n")
    (folder / "P7_line" / "solution.py").write_text(SOLUTION)
    trained = (
        "import json\ndef train(folder):\n    folder = folder / 'line'\n    folder.mkdir()\n"
        "    about = {'format': 1, 'recipe': 'line', 'arguments': {}}\n"
        "    (folder / 'recipe.json').write_text(json.dumps(about))\n"
        "    (folder / 'result.json').write_text('{\"loss\": 0.25}')\n    return folder\n"
    )
    (folder / "P7_line" / "train.py").write_text(trained)
    monkeypatch.setattr(document, "PROJECTS", folder)
    return read_document(folder / "P7_line.md")


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A workspace, and the current folder is in it."""
    workspace, _ = make(tmp_path / "workspace")
    monkeypatch.chdir(workspace.folder)
    return workspace


def test_a_project_is_found_by_its_name(project):
    for name in ("P7", "p7", "P7_line", "P7_line.md"):
        assert find_project(name).label == "P7"
    assert find_project("perceptron") is None and find_project("P_norm") is None
    for name in ("P8", "P7_circle"):
        with pytest.raises(TorchbookError, match=f"there is no project '{name}'; there are P7"):
            find_project(name)


def test_the_model_solution_meets_the_rubric_and_an_empty_one_does_not(project):
    assert not list(project_faults(project))
    (project.file.with_suffix("") / "solution.py").write_text("def fit(x, y):\n    return 5\n")
    assert list(project_faults(project)) == [
        "P7_line.md:29: the model solution does not meet it_finds_the_slope: It found 5."
    ]
    generous = PROJECT.replace('return a_person_must_judge("Give', 'return met("Give')
    assert "who hands in nothing meets it_reads_well" in next(iter(_faults_of(generous, project)))
    (project.file.with_suffix("") / "train.py").unlink()
    with pytest.raises(TorchbookError, match=r"P7_line.md:1: its rubric needs P7_line/train.py"):
        list(project_faults(project))


def _faults_of(source, project):
    (project.file.with_suffix("") / "solution.py").write_text(SOLUTION)
    return [fault for fault in project_faults(parsed(source, project.file)) if "reads_well" in fault]


def test_check_says_of_each_criterion_what_there_is(project, own, capsys, tmp_path):
    assert main(["check", "P7"]) == 1
    answer = answer_file(own, project)
    assert answer.read_text() == starter(project)
    text = capsys.readouterr().out
    assert "A line of your own  P7" in text and str(answer)[:40] in text and "Not begun yet" in text
    assert "There is no run yet" in text and "0 of 4 met" in text

    answer.write_text(SOLUTION)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "recipe.json").write_text(json.dumps({"format": 1, "recipe": "line", "arguments": {}}))
    assert main(["check", "p7", str(tmp_path / "run"), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["criteria"]
    assert [row["finding"] for row in rows] == ["met", "not met", "not met", "a person must judge"]
    assert rows[0] == {
        "criterion": "it_finds_the_slope",
        "asks": "`fit` finds the slope 2.",
        "finding": "met",
        "sentence": "It found 2.0.",
    }
    assert rows[1]["asks"] == "A run with a loss below one." and rows[1]["sentence"] == "The loss is None."
    assert answer.read_text() == SOLUTION, "a check never writes over an answer"

    (tmp_path / "run" / "result.json").write_text('{"loss": 0.5}')
    exercise = next(each for each in own.exercises() if each.name == "slopes_by_autograd")
    own.answer(exercise).write_text(exercise.solution)
    assert main(["check", "P7", str(tmp_path / "run")]) == 0
    assert "3 of 4 met, 1 for a person to judge" in capsys.readouterr().out
    assert progress.standings(own.database)["P7_line"].passed

    assert main(["check", "P7", "nowhere"]) == 2 and "there is no run 'nowhere'" in capsys.readouterr().err
    assert main(["check", "slopes_by_autograd", "nowhere"]) == 2


def test_work_that_loops_crashes_or_fails_costs_only_its_criterion(project, own, tmp_path):
    answer = answer_file(own, project)
    answer.parent.mkdir(exist_ok=True)
    work = {
        "def fit(x, y):\n    while True:\n        pass\n": "Stopped after 1 seconds: is there a loop",
        "import os\ndef fit(x, y):\n    os._exit(3)\n": "The code took Python down (status 3)",
        "def fit(x, y):\n    return x[7]\n": "P7_line.py: IndexError in line 2 of `fit`",
        "def fit(x, y):\n": "P7_line.py: ",
        "fit = 3\n": "P7_line.md: TypeError",
    }
    for source, sentence in work.items():
        answer.write_text(source)
        review = check_project(own, project, seconds=1.0 if "while" in source else 30.0)
        found = {criterion.name: judgement for criterion, judgement in review.judgements}
        assert found["it_finds_the_slope"].finding == "not met"
        assert found["it_finds_the_slope"].sentence.startswith(sentence), found["it_finds_the_slope"].sentence
        if "exit" in source or "while" in source:
            assert found["it_reads_well"].finding == "a person must judge"


def test_a_broken_criterion_is_not_the_learners_fault(project, own):
    broken = parsed(PROJECT.replace('return met(f"It makes', 'return str(f"It makes'), project.file)
    from torchbook.course.authoring.project_check import model_solution

    work = model_solution(project, own.folder)
    with pytest.raises(TorchbookError, match=r"P7_line.md:42: the_exercise_is_there returned 'It makes .*expected met"):
        judge_work(broken, work)
    broken = parsed(PROJECT.replace("LIMIT = 0.5", "LIMIT = 0.5 / 0"), project.file)
    with pytest.raises(TorchbookError, match=r"P7_line.md:22: ZeroDivisionError"):
        judge_work(broken, work)


def test_only_a_criterion_that_is_given_code_is_shut_in(project, own, tmp_path):
    """The data of a run are drawn or packed again where they are not there; an answer has no use for that."""
    (tmp_path / "kept").mkdir()
    written = f'open({str(tmp_path / "kept" / "file")!r}, "w").close()\n    '
    both = {"loss = (run.result": f"{written}loss = (run.result", "slope = answer": f"{written}slope = answer"}
    source = PROJECT
    for text, longer in both.items():
        source = source.replace(text, longer)
    from torchbook.course.authoring.project_check import model_solution

    review = judge_work(parsed(source, project.file), model_solution(project, own.folder))
    found = {criterion.name: judgement for criterion, judgement in review.judgements}
    assert found["the_run_is_good"].finding == "met", found["the_run_is_good"].sentence
    assert "PermissionError" in found["it_finds_the_slope"].sentence
    assert (tmp_path / "kept" / "file").is_file()
