"""Answers of every kind against the model exercise `softmax`, each checked in a real worker."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from torchbook.course.grading.checking import check
from torchbook.course.grading.exercise import exercises, read_exercise
from torchbook.errors import TorchbookError

RIGHT = "torch.exp(x - x.amax(1, keepdim=True)) / torch.exp(x - x.amax(1, keepdim=True)).sum(1, keepdim=True)"

CASE = "from torchbook.course.grading.cases import case\n@case({})\ndef values(answer, draw):\n    return answer.{}\n"


@pytest.fixture(scope="module")
def softmax():
    return next(exercise for exercise in exercises() if exercise.name == "softmax")


@pytest.fixture
def checked(softmax, tmp_path):
    """Checks a file with these lines in its function, or this whole text."""

    def checks(lines, *, whole=False, **options):
        file = tmp_path / "softmax.py"
        body = "\n".join("    " + line for line in lines.splitlines())
        file.write_text(lines if whole else f"import torch\n\ndef softmax(x):\n{body}\n")
        return check(softmax, file, **options)

    return checks


def test_a_right_answer_passes_whatever_the_seed(checked):
    for seed in range(3):
        verdict = checked(f"print('shape', x.shape)\nreturn {RIGHT}", seed=seed)
        assert verdict.outcome == "passed" and verdict.passed
        assert all(case.passed for case in verdict.cases)
        assert verdict.printed.startswith("shape torch.Size")
        assert verdict.seconds > 0


def test_a_wrong_answer_is_shown_with_the_call_and_both_results(checked):
    verdict = checked("return x")
    case = next(case for case in verdict.cases if not case.passed)
    assert verdict.outcome == "wrong"
    assert case.call.endswith("softmax(x)") and case.call.startswith("x = torch.tensor(")
    assert "# [batch" in case.returned and "# [batch" in case.expected
    assert "values are wrong" in case.message and case.name in verdict.message
    assert json.loads(json.dumps(verdict.as_dict()))["cases"][0]["name"] == case.name


def test_briefly_it_ends_at_the_first_case_that_fails(checked):
    wrong = "e = x.exp()\nreturn e / e.sum(0)"
    whole, brief = checked(wrong), checked(wrong, briefly=True)
    assert [case.passed for case in brief.cases].index(False) == len(brief.cases) - 1 < len(whole.cases) - 1
    assert brief.cases == whole.cases[: len(brief.cases)] and brief.outcome == whole.outcome
    assert whole.mistake and brief.mistake is None
    assert checked(f"return {RIGHT}", briefly=True).cases == checked(f"return {RIGHT}").cases


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        ("e = x.exp()\nreturn e / e.sum(0)", "wrong_dimension"),  # and overflow
        ("return torch.relu(x)", None),
        ("return torch.rand(x.shape)", None),
        ("e = (x - x.amax(0)).exp()\nreturn e / e.sum(0)", "wrong_dimension"),
        ("return (x - x.max()).exp() / torch.sum((x - x.max()).exp())", "whole_batch"),
        ("return x.exp() / x.exp().sum(-1, keepdim=True)", "overflow"),
        ("x.sub_(x.amax(1, keepdim=True)).exp_()\nx.div_(x.sum(1, keepdim=True))\nreturn x", "in_place"),
        ("return (x.T - x.max(1).values).T.exp()", "not_normalised"),
        ("return x - x.logsumexp(1)[:, None]", "logarithm"),
    ],
)
def test_a_mistake_is_recognised_by_what_it_does(checked, lines, mistake):
    verdict = checked(lines)
    assert verdict.outcome == "wrong"
    assert verdict.mistake == mistake
    assert bool(verdict.hint) == bool(mistake)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import torch\n\ndef softmax(logits):\n    ...\n",
        "def softmax(x):\n    '''Mine.'''\n    # soon\n    pass\n",
        "import math\n\ndef softmax(logits):\n    raise NotImplementedError('soon')\n",
    ],
)
def test_an_unwritten_answer_is_not_attempted(checked, text):
    assert checked(text, whole=True).outcome == "not attempted"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("return x @ x", "RuntimeError in line 4 of `softmax`\n    return x @ x"),
        ("y = x\nreturn y / undefined", "NameError in line 5"),
        ("import sys\nsys.exit(0)", "ended the program"),
        ("return softmax(x)", "RecursionError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt in line 4"),
        ("x = torch.ones(10**10)\nreturn x", "RuntimeError in line 4"),
        ("x = bytearray(10**10)\nreturn x", "MemoryError in line 4"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "network"),
        ("import _socket\n_socket.socket().connect(('127.0.0.1', 9))", "network"),
        ("import urllib.request as u\nu.urlopen('http://127.0.0.1:9')", "network"),
        ("import subprocess\nsubprocess.Popen(['sleep', '600'])", "programs"),
        ("import os\nos.fork()\nreturn x", "programs"),
        ("y = float(input('How many? '))\nreturn x", "the keyboard cannot be used"),
        ("import sys\nreturn [line for line in sys.stdin]", "the keyboard cannot be used"),
        ("return x.to('meta').cpu()", "NotImplementedError in line 4"),
        (
            "class Net(torch.nn.Module):\n    def foward(self, x):\n        return x\nreturn Net()(x)",
            "It has a method `foward`: its name must be `forward`.",
        ),
        ("return torch.nn.ModuleList([torch.nn.ReLU()])(x)", "call them one by one"),
        ("return x / [[1.0]\n            [2, 3]]", "perhaps you missed a comma?"),
    ],
)
def test_an_error_is_told_with_the_learners_own_line(checked, lines, words):
    verdict = checked(lines)
    assert verdict.outcome == "error"
    assert words in verdict.message
    assert "examine.py" not in verdict.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def softmax(x:\n", "SyntaxError in line 1"),
        ("def softmax(x):\n    return x^2 && x\n", "In Python it is `and`"),
        ("import torch\n1 / 0\n", "ZeroDivisionError in line 2"),
        ("def soft_max(x):\n    return x\n", "`softmax` is not defined"),
        ("def softmax():\n    return 1\n", "takes 0 positional arguments"),
        ("a\0b", "SyntaxError"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(checked, text, words):
    verdict = checked(text, whole=True)
    assert verdict.outcome == "error" and words in verdict.message


@pytest.mark.parametrize(
    "lines",
    [
        "return torch.softmax(x, 1)",
        "return torch.nn.functional.softmax(x, dim=1)",
        "return torch.nn.Softmax(1)(x)",
        "return x.softmax(1)",
        "try:\n    return x.softmax(1)\nexcept Exception:\n    return x",
        "return getattr(torch, 'soft' + 'max')(x, 1)",
    ],
)
def test_a_forbidden_operation_is_noticed_when_it_is_used(checked, lines):
    assert checked(lines).outcome == "forbidden"


def test_a_forbidden_word_in_the_text_is_no_use(checked):
    assert checked(f"# like torch.softmax(x, 1)\nname = 'x.softmax(1)'\nreturn {RIGHT}").passed


@pytest.mark.parametrize(
    ("lines", "outcome", "words"),
    [
        ("while True: pass", "too slow", "never ends"),
        ("while True: print('x')", "too slow", "never ends"),
        ("import os\nos.setpgid(0, os.getpgid(os.getppid()))\nwhile True: pass", "too slow", "'random scores'"),
        ("import os\nprint('bye')\nos._exit(0)", "crashed", "os._exit"),
        ("import os\nos._exit(3)", "crashed", "status 3"),
        ("import ctypes\nctypes.string_at(0)", "crashed", "SIGSEGV"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "crashed", "killed from outside"),
    ],
)
def test_what_takes_python_down_or_never_ends_is_told_apart(checked, lines, outcome, words):
    verdict = checked(lines, seconds=1.0 if outcome == "too slow" else 60.0)
    assert verdict.outcome == outcome
    assert words in verdict.message
    assert len(verdict.printed) < 30_000


def test_what_was_printed_before_a_crash_is_kept(checked):
    assert checked("import os\nprint('bye')\nos._exit(0)").printed == "bye\n"


def test_changes_of_global_settings_reach_nobody_else(checked):
    lines = (
        "torch.set_default_dtype(torch.float64)\ntorch.set_grad_enabled(False)\nimport sys\nsys.path.clear()\nreturn x"
    )
    assert checked(lines).outcome == "wrong"
    assert checked(f"return {RIGHT}").passed


def test_a_function_of_torch_can_be_an_answer(checked):
    verdict = checked("import torch\n\nsoftmax = torch.exp\n", whole=True)
    assert verdict.outcome == "wrong" and verdict.cases[0].call.endswith("softmax(argument_0)")


def test_odd_objects_are_wrong_answers(checked):
    odd = (
        "class Odd:\n    def __eq__(self, o): raise ValueError\n    def __repr__(self): raise ValueError\nreturn Odd()"
    )
    assert "an object of type Odd" in checked(odd).message
    assert checked("import sys\nsys.modules.clear()\nreturn x").outcome in ("wrong", "crashed")


def test_twenty_at_once_are_not_mixed_and_leave_nothing_behind(softmax, tmp_path):
    def seconds_of(file):
        return 3.0 if "while True" in file.read_text() else 60.0

    def files():
        for turn in range(20):
            file = tmp_path / f"answer_{turn}.py"
            body = ["return x", f"return {RIGHT}", "while True: pass", "import os; os._exit(1)"][turn % 4]
            file.write_text(f"import torch\n\ndef softmax(x):\n    print({turn})\n    {body}\n")
            yield file

    assert check(softmax, softmax.folder / "solution.py").passed
    kept = set(psutil.Process().children(recursive=True))  # the server, and what is prepared for an exercise
    with ThreadPoolExecutor(20) as pool:
        verdicts = list(pool.map(lambda file: check(softmax, file, seconds=seconds_of(file)), files()))
    assert [verdict.outcome for verdict in verdicts] == ["wrong", "passed", "too slow", "crashed"] * 5
    assert all(verdict.printed.split()[0] == str(turn) for turn, verdict in enumerate(verdicts))
    busy = set(psutil.Process().children(recursive=True)) - kept
    psutil.wait_procs(busy, timeout=60)
    assert not [child for child in busy if child.is_running()]


def test_the_answer_is_not_changed_and_nothing_is_written_beside_it(checked, tmp_path):
    assert checked(f"open('note.txt', 'w').write('mine')\nreturn {RIGHT}").passed
    assert [file.name for file in tmp_path.iterdir()] == ["softmax.py"]


@pytest.mark.parametrize(
    "lines",
    [
        "open(r'{0}', 'w').write('')",
        "open(r'{0}', 'a').close()",
        "import os; os.remove(r'{0}')",
        "import os; os.rename(r'{0}', 'mine')",
        "import os; os.open(r'{0}', os.O_WRONLY | os.O_TRUNC)",
        "import shutil; shutil.rmtree(r'{1}')",
        "from pathlib import Path; Path(r'{0}').unlink()",
        "torch.save(x, r'{0}')",
        "from safetensors.torch import save_file; save_file({{'x': torch.ones(1)}}, r'{0}')",
        "import safetensors.numpy as s, numpy as np; s.save_file({{'x': np.ones(1)}}, r'{0}')",
        "torch.from_file(r'{0}', shared=True, size=2, dtype=torch.uint8).zero_()",
        "import sqlite3; sqlite3.connect(r'{1}/new.db')",
        "import tempfile; tempfile.tempdir = r'{1}'; tempfile.NamedTemporaryFile(delete=False)",
    ],
)
def test_other_files_of_the_learner_are_safe(checked, tmp_path, lines):
    other = tmp_path / "other" / "answer.py"
    other.parent.mkdir()
    other.write_text("mine")
    verdict = checked(lines.format(other, other.parent) + f"\nreturn {RIGHT}")
    assert verdict.outcome == "error" and "not the answer's own" in verdict.message
    assert other.read_text() == "mine" and [file.name for file in other.parent.iterdir()] == ["answer.py"]


@pytest.mark.parametrize("text", ["garbage\n{]", '{"verdict": 3}\n', "[1]\n", '{"verdict": {"cases": [3]}}\n'])
def test_what_an_answer_writes_to_every_descriptor_is_no_verdict(checked, text):
    lines = (
        "import os\nfor descriptor in range(3, 60):\n    try:\n"
        f"        os.write(descriptor, {text.encode()!r})\n    except OSError:\n        pass\nreturn {RIGHT}"
    )
    verdict = checked(lines)
    assert verdict.outcome == "crashed" and "descriptor" in verdict.message


def test_what_computes_without_end_is_stopped_by_its_processor_time(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    file = folder / "checks.py"
    file.write_text("PROCESSOR_SECONDS = 0.2\n" + file.read_text())
    answer = tmp_path / "double.py"
    answer.write_text("def double(x):\n    while True: pass\n")
    verdict = check(read_exercise(folder), answer)
    assert verdict.outcome == "too slow" and "after 0.2 seconds of computing" in verdict.message
    answer.write_text("import time\n\ndef double(x):\n    time.sleep(0.1)\n    return x * 2\n")
    assert check(read_exercise(folder), answer).passed


def test_warnings_of_the_learners_own_lines_are_shown(checked):
    lines = "y = (x * 1.0).requires_grad_() * 2\ny.grad\nimport warnings\nwarnings.warn('mine')\n"
    printed = checked(lines + f"return {RIGHT}").printed
    assert "line 5: UserWarning: The .grad attribute of a Tensor that is not a leaf" in printed
    assert "line 7: UserWarning: mine" in printed


def test_only_the_learners_own_placeholder_is_not_attempted(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    answer = tmp_path / "double.py"
    net = "from torch import nn\n\nclass Net(nn.Module):\n    def foward(self, x):\n        return x * 2\n"
    answer.write_text(f"{net}\ndef double(x):\n    return Net()(x)\n")
    verdict = check(read_exercise(folder), answer)
    assert verdict.outcome == "error" and 'missing the required "forward" function' in verdict.message
    answer.write_text("def half(x):\n    raise NotImplementedError\n\ndef double(x):\n    return half(x)\n")
    assert check(read_exercise(folder), answer).outcome == "not attempted"


MODEL = """
from torch import nn
from torchbook.course.grading.cases import case

@case("a model")
def model(answer, draw):
    return answer.outputs(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)), draw.normal("batch 2"))
"""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pass", ""),
        ("model.eval()", "its mode (`train` or `eval`) changed"),
        ("next(model.parameters()).requires_grad_(False)", "`requires_grad` of its parameters changed"),
        ("model[0].weight.data.add_(1)", "its weights or buffers changed"),
    ],
)
def test_a_model_that_is_looked_at_stays_as_it_was(tmp_path, write_exercise, line, words):
    folder = write_exercise(tmp_path, "01_a", "outputs")
    (folder / "checks.py").write_text(MODEL)
    lines = "def outputs(model, x):\n    y = model[0](x)\n    {}\n    return y.detach()\n"
    (folder / "solution.py").write_text(lines.format("pass"))
    answer = tmp_path / "outputs.py"
    answer.write_text(lines.format(line))
    verdict = check(read_exercise(folder), answer)
    assert verdict.passed if not words else words in verdict.message


BOTH = """
from torchbook.course.grading.cases import case

@case("two numbers")
def both(answer, draw):
    return {"one": answer.double(draw.number()), "two": answer.double(draw.number())}
"""


def test_a_missing_return_is_said_where_the_result_is_only_a_part(tmp_path, write_exercise):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "checks.py").write_text(BOTH)
    answer = tmp_path / "double.py"
    answer.write_text("def double(x):\n    2 * x\n")
    message = check(read_exercise(folder), answer).message
    assert "what `double` returned is None" in message and "Is a `return` missing?" in message


def test_an_answer_that_is_not_there_is_a_mistake_of_the_caller(softmax):
    with pytest.raises(TorchbookError, match="there is no answer at"):
        check(softmax, Path("nowhere.py"))


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ("import nothing_like_it", "checks.py: ModuleNotFoundError"),
        ("x = 1", "expected one or more cases"),
        (CASE.format("'a', batsh=1", "double(draw.normal('batch'))"), "no size or argument is named batsh"),
        (CASE.format("'a'", "treble(1)"), "`treble` is not defined"),
    ],
)
def test_a_broken_exercise_is_not_the_learners_mistake(tmp_path, write_exercise, checks, words):
    folder = write_exercise(tmp_path, "01_a", "double")
    (folder / "checks.py").write_text(checks)
    with pytest.raises(TorchbookError, match=words):
        check(read_exercise(folder), folder / "solution.py")
