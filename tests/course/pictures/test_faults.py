"""A program with a broken line: each fault is run, and its traceback says what Python says."""

import pytest

from torchbook.course.pictures.faults import Faults, failure
from torchbook.errors import TorchbookError

PROGRAM = """
import torch

def double(x):
    return 2 * x

a = torch.ones(2, 3)
b = torch.ones(3, 4)
c = double(a @ b)
"""
FAULTS = {
    "rows": (7, "b = torch.ones(2, 3)"),
    "float64": (6, "a = torch.ones(2, 3).double()"),
    "text": (4, "    return x + ''"),
}


def test_each_fault_is_what_python_reports():
    picture = Faults(PROGRAM, FAULTS, name="sums.py")
    assert [(case["line"], case["surfaced"], case["kind"]) for case in picture.cases[:2]] == [
        (7, 8, "shape"),
        (6, 8, "dtype"),
    ]
    rows, _, text = picture.cases
    assert rows["report"].startswith('Traceback (most recent call last):\n  File "sums.py", line 8, in <module>\n')
    assert rows["report"].endswith("cannot be multiplied (2x3 and 2x3)") and "[2, 3]" in rows["what"] and rows["fix"]
    assert text["surfaced"] == 4 and "\"sums.py\", line 4, in double\n    return x + ''" in text["report"]
    assert "faults.py" not in "".join(case["report"] for case in picture.cases)


def test_frames_of_packages_begin_at_the_package():
    call = "from torch import nn, ones\nx = ones(2, 3)\nnn.Linear(3, 4)(x)"
    (case,) = Faults(call, {"rows": (2, "x = ones(2, 4)")}).cases
    assert '  File "torch/nn/modules/linear.py", line ' in case["report"] and "site-packages" not in case["report"]


def test_it_says_in_words_what_is_there():
    picture = Faults(PROGRAM, FAULTS)
    assert picture.alternative == "A program of 8 lines that runs." and "Traceback" not in picture.still()
    picture.current = 1
    assert "fails in line 8: RuntimeError" in picture.alternative and "double()" in picture.still()
    picture.pressed = [8, 6]
    assert picture.alternative.startswith("Line 6 was to blame: a = torch.ones(2, 3).double().")


def test_a_program_that_fails_and_a_fault_that_does_not_are_refused():
    assert failure(["x = 1"], "x.py") is None and isinstance(failure(["x = y"], "x.py"), NameError)
    with pytest.raises(TorchbookError, match=r"sums\.py fails without a fault: ZeroDivisionError"):
        Faults("1 / 0", {}, name="sums.py")
    with pytest.raises(TorchbookError, match=r"no fault: training\.py runs with line 1 as 'x = 2'"):
        Faults("x = 1", {"no fault": (1, "x = 2")})
