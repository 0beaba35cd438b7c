from pathlib import Path

import pytest
import torch

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import read_exercise
from torchbook.course.grading.forbidden import TORCH

CHECKS = """
import torch
from torchbook.course.grading.cases import case

FORBIDDEN = ({!r},)

@case("numbers")
def numbers(answer, draw):
    torch.nn.Linear(2, 2)(torch.ones(2, 2)).softmax(1).matmul(torch.ones(2, 2)).sum().backward()
    return answer.double(draw.normal("2 2"))
"""


@pytest.fixture
def used(tmp_path, write_exercise):
    """Whether an answer with this expression in it uses the forbidden name; the checks and the solution use it too."""
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    file = tmp_path / "double.py"
    lines = "import torch\nfrom torch import nn\n\ndef double(x):\n    y = x * 2\n    x.requires_grad_()\n    {}\n"

    def run(expression, name):
        (folder / "checks.py").write_text(CHECKS.format(name))
        file.write_text(lines.format(expression) + "    x.requires_grad_(False)\n    return y\n")
        outcome = check(read_exercise(folder), file).outcome
        assert outcome in ("passed", "forbidden")
        return outcome == "forbidden"

    return run


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("x @ x", "matmul"),
        ("torch.ones(2, 2) @ x", "matmul"),
        ("x.detach().numpy() @ x.detach().numpy()", "matmul"),
        ("z = x.detach().numpy(); z @= z", "matmul"),
        ("[each @ each for each in [x.detach().numpy()]]", "matmul"),
        ("x.detach().numpy().dot(x.detach().numpy())", "matrix product"),
        ("torch.matmul(x, x)", "matmul"),
        ("x.matmul(x)", "matmul"),
        ("x.relu()", "relu"),
        ("torch.nn.functional.relu(x)", "relu"),
        ("nn.ReLU()(x)", "relu"),
        ("x.detach().relu_()", "relu"),
        ("nn.Linear(2, 3)", "Linear"),
        ("torch.optim.SGD([x], lr=1.0)", "SGD"),
        ("__import__('numpy').array([1.0])", "np.array"),
    ],
)
def test_a_name_stands_for_function_method_operator_and_class(used, expression, name):
    assert used(expression, name)


@pytest.mark.parametrize(
    ("expression", "group"),
    [
        ("torch.einsum('ij,jk->ik', x, x)", "matrix product"),
        ("torch.nn.functional.linear(x, x)", "matrix product"),
        ("x.mm(x)", "matrix product"),
        ("x.sum().backward()", "autograd"),
        ("torch.autograd.grad(x.sum(), x)", "autograd"),
        ("torch.func.grad(lambda y: y.sum())(x)", "autograd"),
        ("x.log_softmax(1)", "softmax"),
        ("nn.Softmax(1)", "softmax"),
        ("torch.nn.functional.nll_loss(x, torch.tensor([0, 1]))", "cross_entropy"),
    ],
)
def test_a_group_stands_for_several(used, expression, group):
    assert used(expression, group)


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("x.relu()", "elu"),
        ("x * x", "matmul"),
        ("'x @ x'", "matmul"),
        ("type('Own', (), {'dot': len}).dot([x])", "matrix product"),
        ("x.exp()", "softmax"),
        ("'x.softmax(1)'", "softmax"),
        ("x.grad", "autograd"),
    ],
)
def test_other_operations_are_free(used, expression, name):
    assert not used(expression, name)


def test_numpy_may_use_its_own_functions(used):
    assert not used("__import__('numpy').mean([1.0])", "np.asanyarray")


def test_a_neighbour_of_torch_is_not_torch():
    assert not str(Path(torch.__file__).parents[1] / "torchbook" / "cli.py").startswith(TORCH)
    assert torch.nn.functional.__file__.startswith(TORCH)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("functools.partial(torch.softmax, dim=1)", "forbidden"),
        ("functools.partial(functools.partial(torch.nn.functional.softmax), dim=1)", "forbidden"),
        ("functools.partial(torch.Tensor.softmax, dim=1)", "forbidden"),
        ("functools.partial(torch.mul, other=2)", "passed"),
    ],
)
def test_a_function_of_torch_as_the_answer_is_a_use_of_it(tmp_path, write_exercise, answer, outcome):
    folder = write_exercise(tmp_path / "course", "01_a", "double")
    (folder / "checks.py").write_text(CHECKS.format("softmax"))
    if outcome == "forbidden":
        (folder / "solution.py").write_text("def double(x):\n    return x.softmax(1)\n")
    file = tmp_path / "double.py"
    file.write_text(f"import functools\nimport torch\n\ndouble = {answer}\n")
    verdict = check(read_exercise(folder), file)
    assert verdict.outcome == outcome
    if outcome == "forbidden":
        assert "`softmax`: this exercise" in verdict.message


@pytest.mark.parametrize(
    "expression",
    [
        "for i in range(2): y + i",
        "[i for i in range(2)]",
        "sum(i for i in range(2))",
        "while y is None or not hasattr(x, 'seen'): x.seen = 1",
    ],
)
def test_loops_are_noticed(used, expression):
    assert used(expression, "loop")


@pytest.mark.parametrize("expression", ["(y +\n        y,\n        y)", "y.sum(0)", "sum(y)", "[i for i in ()]"])
def test_what_does_not_go_round_is_no_loop(used, expression):
    assert not used(expression, "loop")


def test_what_a_file_does_while_it_is_loaded_may_use_anything(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    file = folder / "checks.py"
    file.write_text('FORBIDDEN = ("add", "loop")\n' + file.read_text())
    answer = tmp_path / "double.py"
    own = "print(torch.add(1, torch.ones(2)), [i for i in range(3)])\nfor i in range(2):\n    pass\n"
    answer.write_text(f"import torch\n\ndef double(x):\n    return x * 2\n\n{own}")
    assert check(read_exercise(folder), answer).passed
    for use in ("print(plus(torch.ones(2)))", "doubled = [plus(one) for one in torch.ones(2)]"):
        answer.write_text(f"import torch\n\ndef plus(x):\n    return torch.add(x, x)\n\n{use}\n\ndouble = plus\n")
        assert check(read_exercise(folder), answer).outcome == "forbidden"
