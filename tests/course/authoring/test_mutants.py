import ast

import pytest

from torchbook.course.authoring.mutants import mutants
from torchbook.course.grading.exercise import exercises

SOURCE = '''
import torch


def f(x, y):
    """Says 1 + 1."""
    if x.sum(dim=1) > 0 and y:
        x = -x @ y.T
    with torch.no_grad():
        x += 2.0 * torch.pow(x, y)
    return x
'''


@pytest.fixture(scope="module")
def made():
    return {mutant.name: mutant.source for mutant in mutants(SOURCE)}


@pytest.mark.parametrize(
    "name",
    [
        "x = -x @ y.T -> x = -x * y.T",
        "x = -x @ y.T -> x = -x @ y",
        "x = -x @ y.T -> x = x @ y.T",
        "x = -x @ y.T -> (dropped)",
        "x += 2.0 * torch.pow(x, y) -> x -= 2.0 * torch.pow(x, y)",
        "x += 2.0 * torch.pow(x, y) -> x += 0.0 * torch.pow(x, y)",
        "x += 2.0 * torch.pow(x, y) -> x += 2.0 * torch.pow(y, x)",
        "x += 2.0 * torch.pow(x, y) -> x += 2.0 * x",
        "if x.sum(dim=1) > 0 and y: -> if x.sum(dim=0) > 0 and y:",
        "if x.sum(dim=1) > 0 and y: -> if x.sum() > 0 and y:",
        "if x.sum(dim=1) > 0 and y: -> if x.mean(dim=1) > 0 and y:",
        "if x.sum(dim=1) > 0 and y: -> if x.sum(dim=1) >= 0 and y:",
        "if x.sum(dim=1) > 0 and y: -> if x.sum(dim=1) > 0 or y:",
        "if x.sum(dim=1) > 0 and y: -> if not (x.sum(dim=1) > 0 and y):",
        "with torch.no_grad(): -> if True:",
        "return x -> (dropped)",
        "return x -> return y",
    ],
)
def test_each_operator_makes_its_mutant(made, name):
    assert name in made


def test_docstrings_and_imports_stay(made):
    assert all("Says 1 + 1." in source and "import torch\n" in source for source in made.values())


def test_mutants_are_the_same_each_time():
    assert mutants(SOURCE) == mutants(SOURCE)


@pytest.mark.parametrize("exercise", exercises(), ids=lambda exercise: exercise.name)
def test_mutants_of_a_solution_are_python_and_all_different(exercise):
    made = mutants(exercise.solution)
    texts = [ast.dump(ast.parse(mutant.source)) for mutant in made]
    assert len(made) >= 8
    assert len({*texts, ast.dump(ast.parse(exercise.solution))}) == len(made) + 1
    assert len({mutant.name for mutant in made}) == len(made)
