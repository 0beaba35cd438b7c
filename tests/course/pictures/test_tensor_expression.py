"""Expressions that a reader types: the same tensors as Python gives, and nothing but arithmetic."""

import time

import pytest
import torch

from torchbook.course.pictures.tensor_expression import compute
from torchbook.errors import TorchbookError

A, B = torch.arange(6.0).view(2, 3), torch.tensor([[10.0], [20.0]])


@pytest.mark.parametrize(
    "expression",
    [
        "a - b",
        "a * 2 + 1",
        "-a / b",
        "a @ a.T",
        "a.T @ b",
        "torch.matmul(a, a.T)",
        "torch.mm(a, a.T)",
        "a.matmul(a.T)",
        "(a[:, None] - b).square().sum(dim=-1).sqrt()",
        "a - a.mean(dim=1, keepdim=True)",
        "a.std(dim=0, correction=0)",
        "a[:, 1:] == a[:, :1]",
        "a[0] > torch.ones(3)",
        "a.argmax()",
        "torch.arange(4).view(2, 2) ** torch.eye(2)",
        "torch.tensor([1, 2], dtype=torch.float64) % 2",
        "torch.full((2, 1), 3) // torch.tensor([1, 2])",
        "a.clamp(min=1, max=3).cumsum(1)",
        "2 * 3 + a[1, 2]",
    ],
)
def test_an_expression_is_what_python_makes_of_it(expression):
    result, _ = compute(expression, {"a": A, "b": B})
    expected = eval(expression, {"a": A, "b": B, "torch": torch})
    torch.testing.assert_close(result, expected)


def test_a_list_is_a_tensor():
    result, operations = compute("[[1], [2]] * [1, 2, 3]", {})
    assert result.tolist() == [[1, 2, 3], [2, 4, 6]]
    assert [(each.left.code, each.sign, each.right.code) for each in operations] == [("[[1], [2]]", "*", "[1, 2, 3]")]


def test_operations_come_in_their_order():
    _, operations = compute("(a - b).mean(dim=1) + 1 - a[:, 0]", {"a": A, "b": B})
    assert [(each.sign, each.dim) for each in operations] == [("-", None), ("mean", 1), ("+", None), ("-", None)]


def test_a_plain_number_meets_as_a_tensor_without_a_dimension():
    result, (operation,) = compute("a - 3", {"a": A.long()})
    assert result.tolist() == [[-3, -2, -1], [0, 1, 2]] and result.dtype == torch.int64
    assert operation.right.code == "3" and operation.right.tensor.shape == ()
    with pytest.raises(TorchbookError, match="a @ 3: @ takes two tensors"):
        compute("a @ 3", {"a": A})


def test_sizes_may_be_computed():
    result, _ = compute("a.view(3 * 2, 6 // 6)", {"a": A})
    assert result.shape == (6, 1)


def test_a_misspelt_name_names_the_tensor_that_may_be_meant():
    with pytest.raises(TorchbookError, match=r"lenghts is no tensor here; there is lengths; did you mean lengths\?"):
        compute("lenghts", {"lengths": A})


def test_an_operation_that_pytorch_refuses_is_the_last():
    result, operations = compute("(a - a[:, 0]) * b", {"a": A, "b": B})
    assert result is None and operations[-1].result is None
    assert "must match the size" in operations[-1].error


@pytest.mark.parametrize(
    "expression, message",
    [
        ("__import__('os').system('true')", "not possible here"),
        ("open('/etc/passwd')", "not possible here"),
        ("a.__class__", "not possible here"),
        ("a.__class__.__base__.__subclasses__()", "not possible here"),
        ("(lambda: a)()", "not possible here"),
        ("[x for x in a]", "not possible here"),
        ("a.numpy()", "not possible here"),
        ("a.add_(1)", "not possible here"),
        ("a.apply_(print)", "no plain number"),
        ("torch.load('file')", "not possible here"),
        ("torch.hub.load('a', 'b')", "not possible here"),
        ("torch.zeros(2, out=a)", "not known here"),
        ("torch.ones(10000, 100000)", "more than 144 elements"),
        ("torch.arange(9999999999999)", "more than 144 elements"),
        ("torch.arange(100) * torch.arange(100).view(100, 1)", "at most 3 dimensions and 144 elements"),
        ("9**9**9", "too much"),
        ("a" * 300, "300 letters"),
        ("(" * 150 + ")" * 150, "300 letters"),
        ("a -", "no expression"),
        ("", "nothing is typed; expected arithmetic on tensors"),
        (" ", "nothing is typed"),
        ("c + 1", "c is no tensor here; there are a and b"),
        ("a[b]", "no plain number"),
        ("a[9]", "out of bounds"),
        ("a.view(7)", "invalid for input"),
        ("1 / 0", "division by zero"),
        ("[[1], [2, 3]]", "expected sequence of length"),
        ("'text'", "not possible here"),
    ],
)
def test_what_is_no_arithmetic_is_refused_in_one_line_and_at_once(expression, message):
    start, before = time.monotonic(), A.clone()
    with pytest.raises(TorchbookError, match=message) as error:
        compute(expression, {"a": A, "b": B})
    assert "\n" not in str(error.value) and time.monotonic() - start < 5 and torch.equal(A, before)
