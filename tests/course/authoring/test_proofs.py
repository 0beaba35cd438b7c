import dataclasses
from pathlib import Path

import pytest

from torchbook.course.authoring.proofs import main, unproven, unproven_entry
from torchbook.course.texts import quiz
from torchbook.course.texts.glossary import GLOSSARY, read_glossary
from torchbook.course.texts.quiz import Option, Question, quizzes, read_quiz
from torchbook.course.workers.snippets import ran, ran_apart

OPTIONS = (Option("`torch.int64`", "w", right=True), Option("`torch.float32`", "w"))
TRUE = Question("n", "number", "?", answer=784.0, proof="torch.zeros(1, 28, 28).numel()")
SHAPE = Question("s", "shape", "?", code="m = torch.zeros(5, 3).mean(dim=0)", proof="m", answer=(3,))
CHOICE = Question("c", "choice", "?", code="import torch\nx = torch.tensor([1])", proof="x.dtype", options=OPTIONS)
EACH = Question(
    "e", "choice", "?", options=(Option("a", "w", right=True, proof="1 < 2"), Option("b", "w", proof="math.pi < 3"))
)
ORDER = Question("o", "order", "?", items=("1", "2", "3"), proof="[str(i) for i in (1, 2, 3)]")
PRINTS = Question("p", "predict", "?", code="print([1, 2])\nprint(3)", answer="[1, 2]\n3")
FAILS = Question(
    "f", "predict", "?", code="import torch\nprint(1)\ntorch.ones(2) @ torch.ones(3)", answer="1\nRuntimeError"
)
AMONG = Question("a", "predict", "?", code="print(2)", options=(Option("`2`", "w", right=True), Option("`3`", "w")))


@pytest.mark.parametrize("question", [TRUE, SHAPE, CHOICE, EACH, ORDER, PRINTS, FAILS, AMONG], ids=lambda q: q.id)
def test_true_statements_are_proven(question):
    assert unproven(question) == []


def swapped(question):
    options = tuple(dataclasses.replace(option, right=not option.right) for option in question.options)
    return dataclasses.replace(question, options=options)


@pytest.mark.parametrize(
    "question",
    [
        dataclasses.replace(TRUE, answer=783.0),
        dataclasses.replace(TRUE, proof="missing"),
        dataclasses.replace(TRUE, code="1 / 0"),
        dataclasses.replace(SHAPE, answer=(5,)),
        dataclasses.replace(SHAPE, answer=(3, 1)),
        swapped(CHOICE),
        dataclasses.replace(CHOICE, options=(*OPTIONS, Option("torch.int64", "again"))),
        swapped(EACH),
        dataclasses.replace(ORDER, items=("2", "1", "3")),
        dataclasses.replace(PRINTS, answer="[1, 2]"),
        dataclasses.replace(FAILS, answer="1\nValueError"),
        dataclasses.replace(FAILS, answer="1"),
        swapped(AMONG),
    ],
)
def test_false_statements_are_not(question):
    assert len(unproven(question)) >= 1


@pytest.mark.parametrize(
    "code", ["print(1)\nprint('a')", "print(1)\nraise ValueError('two\\nlines')", "import sys; sys.exit(3)"]
)
def test_a_process_of_its_own_says_the_same(code):
    assert ran_apart(code) == ran(code)


def test_nothing_that_code_does_reaches_this_process():
    assert "stopped after" in ran_apart("while True: pass", seconds=2.0).error
    assert "status 7" in ran_apart("import os; os._exit(7)").error


def test_files_in_the_current_folder_are_not_imported(tmp_path, monkeypatch):
    for name in ("json", "random"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong file')")
    monkeypatch.chdir(tmp_path)
    assert ran_apart("import random; print(random.Random(0).random() < 1)").outcome == "True"


def test_everything_that_is_shipped_is_as_stated(capsys):
    entries = read_glossary() if GLOSSARY.exists() else ()
    wrong = [(one.term, said) for one in entries for said in unproven_entry(one)]
    for path in quizzes().values():
        wrong += [(f"{path.name} {one.id}", said) for one in read_quiz(path).questions for said in unproven(one)]
    assert wrong == []


def test_the_example_of_the_guide_is_a_quiz_and_true(tmp_path):
    guide = (Path(quiz.__file__).parents[1] / "quizzes" / "AUTHORING.md").read_text(encoding="utf-8")
    (tmp_path / "01_example.toml").write_text(guide.split("```toml\n")[1].split("```")[0])
    questions = read_quiz(tmp_path / "01_example.toml").questions
    assert {question.kind for question in questions} == set(quiz.KINDS)
    assert [unproven(question) for question in questions] == [[]] * len(questions)


def test_as_a_program_it_says_what_is_wrong(tmp_path, capsys):
    (tmp_path / "01_a.toml").write_text(
        'title = "A"\n[[question]]\nid = "one"\nkind = "number"\nask = "?"\nwhy = "!"\nanswer = 3\nproof = "1 + 1"\n'
    )
    (tmp_path / "02_b.toml").write_text("")
    assert main([tmp_path / "01_a.toml", tmp_path / "02_b.toml"]) == 2
    said = capsys.readouterr().out
    assert "01_a.toml, one: the proof gives 2" in said and "02_b.toml" in said
