"""What a document shows when it has run, and what is said when it fails."""

import re
import subprocess
import sys
import traceback
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
import torch

from torchbook.course.runtime import output
from torchbook.course.runtime.cell import CellError
from torchbook.course.runtime.dataflow import touched
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.output import in_prose, printed
from torchbook.course.runtime.program import program
from torchbook.course.runtime.session import run
from torchbook.course.texts.document import LESSONS, documents, parsed, read_document
from torchbook.course.texts.document_values import Value
from torchbook.errors import TorchbookError

FRONT = "---\ntitle: T\nline: L\n---\n"


def document(body, front=FRONT, file="07_made.md"):
    return parsed(front + body, Path(file))


def test_a_cell_shows_prints_and_its_last_expression():
    shown = run(document("```python\nprint('a')\nprint('b')\n1 / 3, None\n```")).fragments["top-c1"]
    assert shown == Fragment(printed="a\nb\n", value="(0.3333, None)")
    assert run(document("```python\nNone\n```")).fragments["top-c1"] == Fragment()


def test_pyplot_shows_its_figure_as_in_a_notebook():
    drawing, imported = (
        "plt.plot([1, 2], color='#123456')\nplt.title('mine')\nplt.show()",
        "import matplotlib.pyplot as plt",
    )
    cells = (f"{imported}\n{drawing}", drawing, "1")
    plt.figure()  # left open by somebody else
    shown = run(document("\n\n".join(f"```python\n{source}\n```" for source in cells))).fragments
    assert shown["top-c1"].alternative == shown["top-c2"].alternative == "mine"
    assert shown["top-c2"].drawing.count("#123456") == 1, "a block begins with an empty figure"
    assert shown["top-c3"] == Fragment(value="1") and plt.get_fignums() == []
    hidden = run(document(f"```python hidden\n{imported}\n{drawing}\n```"))
    assert not any(fragment.drawing for fragment in hidden.fragments.values())


def test_prose_has_the_values_that_it_asks_for():
    session = run(document("::: slider n, 0, 9, value=3\n\n{{ n / 7 }} {{ 1000 * n:, }} $2 \\cdot {{ -n }}$ {{ 'w' }}"))
    assert session.fragments["top-p1"].values == ("0.4286", "3,000", "({-3})", "w")
    assert session.move(n=4) == ("top-p1",)
    assert session.move(n=4) == ()


def test_a_cell_that_must_fail_shows_its_error_as_python_prints_it():
    session = run(
        document(
            "```python raises wrong\nimport torch\ntorch.ones(2) + torch.ones(3)\n```\n\n{{ type(wrong).__name__ }}"
        )
    )
    assert session.fragments["top-c1"].error.startswith("RuntimeError: The size of tensor a (2) must match")
    assert session.fragments["top-p1"].values == ("RuntimeError",)
    with pytest.raises(CellError, match=r"07_made\.md:5: this cell should raise an error, and did not"):
        run(document("```python raises wrong\n1\n```"))


def test_an_error_names_the_line_of_the_document_and_its_traceback_shows_it():
    made = document("```python\ndef half(x):\n\n    return 1 / x\n```\n\n```python\n\nhalf(0)\n```")
    with pytest.raises(CellError, match=r"07_made\.md:8: ZeroDivisionError: division by zero") as error:
        run(made)
    lines = "".join(traceback.format_exception(error.value.__cause__))
    assert 'File "07_made.md", line 13' in lines and "half(0)" in lines
    assert 'File "07_made.md", line 8, in half\n    return 1 / x' in lines
    with pytest.raises(CellError, match=r"07_made\.md:8: KeyError: 'a'"):
        run(document("one\n\nand\n{{ {}['a'] }}"))


def test_chance_and_settings_do_not_depend_on_what_ran_before():
    drawn = (
        "```python\nimport torch, random, numpy\n```\n\n::: slider n, 1, 9\n\n```python\na = torch.rand(n).sum()\n"
        "torch.set_printoptions(precision=1)\ntorch.set_default_dtype(torch.float64)\n```\n\n"
        "```python\nb = torch.rand(1).item() + random.random() + numpy.random.rand()\nb\n```"
    )
    first, second = run(document(drawn)), run(document(drawn), n=5)
    assert first.names["b"] == second.names["b"] and torch.get_default_dtype() == torch.float32


def test_controls_are_checked():
    made = document("::: slider rate, 0.0, 1.0\n\n::: choice data, ['a', 'b']")
    assert run(made, rate=0.5, data="b").names["data"] == "b"
    messages = {"rat": "did you mean 'rate'", "rate": r"07_made\.md:5: slider rate: 2.0 is not between"}
    for wrong, message in messages.items():
        with pytest.raises(TorchbookError, match=message):
            run(made, **{wrong: 2.0})


def test_claims_are_tried_with_the_controls_as_they_are():
    session = run(document("::: slider n, 0, 9", "---\ntitle: T\nline: L\nclaims:\n  - n < 5\n---\n"))
    assert session.broken_claims() == []
    session.move(n=7)
    assert session.broken_claims() == ["07_made.md:5: n < 5 does not hold with {'n': 7}"]


def test_a_figure_is_a_drawing_without_styles_of_its_own():
    code = (
        "from matplotlib.figure import Figure\n\nfigure = Figure()\naxes = figure.subplots()\naxes.plot([1, 2])\n"
        "axes.set_title('A line')\nfigure"
    )
    first, second = (run(document(f"```python\n{code}\n```")).fragments["top-c1"] for _ in range(2))
    assert first == second and first.alternative == "A line"
    assert first.drawing.startswith("<svg") and "style" not in first.drawing
    other = run(document(f"```python\n{code.replace('[1, 2]', '[2, 1]')}\n```")).fragments["top-c1"]
    names = [set(re.findall(r'\sid="([^"]+)"', drawing)) for drawing in (first.drawing, other.drawing)]
    assert names[0] and not names[0] & names[1]  # both may stand on one page
    assert set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', first.drawing)) and "#DejaVu" not in first.drawing


@pytest.mark.parametrize(
    "value, text",
    [
        (0.7974583002382843, "0.7975"),
        (12345.678, "12345.7"),
        (8.0, "8.0"),
        (1e-9, "1e-09"),
        (float("nan"), "nan"),
        ([0.1 + 0.2, (1,)], "[0.3, (1,)]"),
        ({"a": 2 / 3}, "{'a': 0.6667}"),
        (torch.tensor([1.0, 2.0]), "tensor([1., 2.])"),
        ((torch.tensor(2.0, requires_grad=True) ** 2).grad_fn, "<PowBackward0>"),
        ("text", "'text'"),
    ],
)
def test_values_stand_as_python_prints_them(value, text):
    assert printed(value) == text


@pytest.mark.parametrize(
    "value, where, text",
    [
        (torch.tensor(2.0, requires_grad=True), Value("v", "", 1), "2"),
        (torch.tensor([1.0, 2.0]), Value("v", "", 1), "tensor([1., 2.])"),
        (-0.5, Value("v", "", 1), "−0.5"),
        (-0.5, Value("v", ".2f", 1), "−0.50"),
        (-0.5, Value("v", ".2f", 1, True), "{-0.50}"),
        (-0.5, Value("v", "", 1, True, True), "({-0.5})"),
        (1e-7, Value("v", "", 1, True), "10^{-7}"),
        (1e-7, Value("v", "", 1), "$10^{-7}$"),
        (None, Value("v", "", 1), "None"),
        (101770, Value("v", ",", 1), "101,770"),
    ],
)
def test_values_in_prose_are_for_people(value, where, text):
    assert in_prose(value, where) == text


@pytest.fixture(scope="module", params=documents(), ids=lambda number: f"{number:02}")
def packaged(request):
    """Each document of the course."""
    return read_document(documents()[request.param])


# The buttons of lessons that time something: what comes of them is never twice the same.
MEASURING = {19: {"here", "roof"}}


def on_show(session):
    """What a document shows: its fragments, and its pictures as they stand, without how long each took."""
    pictures = {id: Fragment(**output.shown(picture)) for id, picture in session.pictures.items()}
    measured = {step.id for step in touched(session.steps, MEASURING.get(session.document.number, ()), {})}
    fragments = {id: replace(each, slow=False) for id, each in (session.fragments | pictures).items()}
    return {id: each for id, each in fragments.items() if id not in measured}


@pytest.mark.slow
def test_moving_every_control_of_a_document_gives_what_running_it_there_gives(packaged):
    session = run(packaged)
    assert session.controls.keys() == packaged.front.controls.keys()
    for name, positions in packaged.front.controls.items():
        for value in positions:
            session.move(**{name: value})
    assert on_show(session) == on_show(run(packaged, **session.positions))


@pytest.mark.slow
def test_the_program_of_each_document_runs_and_makes_the_same(packaged, tmp_path):
    file = tmp_path / "lesson.py"
    file.write_text(program(packaged), encoding="utf-8")
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = {"__name__": "lesson"}
    exec(compile(program(packaged), str(file), "exec"), names)
    plt.close("all")
    ours = run(packaged).names
    assert {name for name in ours if not name.startswith("__")} <= names.keys()
    plain = {name: value for name, value in ours.items() if isinstance(value, int | float | str) and name[:2] != "__"}
    assert plain and plain == {name: names[name] for name in plain}


def test_the_example_of_the_guide_is_a_document():
    guide = (LESSONS / "AUTHORING.md").read_text(encoding="utf-8")
    example = parsed(re.search(r"(?s)````markdown\n(.*?)````", guide)[1], Path("07_slopes.md"))
    session = run(example)
    assert session.fragments["top-p1"].values == ("0.6", "0.600")
    for name, values in example.front.controls.items():
        for value in values:
            assert session.move(**{name: value}) and session.broken_claims() == []


def test_the_guesses_of_the_guide_are_guesses():
    guide = (LESSONS / "AUTHORING.md").read_text(encoding="utf-8")
    pieces = re.search(r"(?s)```\n(::: guess\n.*?)```", guide)[1]
    made = "```python\nright, pictures, losses = 3, [0] * 4, [5 / (step + 1) for step in range(21)]\n```\n\n"
    fragments = run(document(made + pieces)).fragments
    assert fragments["top-g2-t1"].values == ("75%",) and len(fragments["top-g3-t1"].state["y"]) == 21


def test_computed_options_follow_what_they_are_made_of():
    session = run(
        document(
            '::: number count, 2, minimum=1\n\n::: choice layer, {{ [f"layer {n}" for n in range(count)] }}\n\n'
            "::: button draws\n\n```python\n(layer, draws)\n```"
        )
    )
    assert session.fragments["top-k2"] == Fragment(options=("layer 0", "layer 1"), chosen="layer 0")
    session.move(layer="layer 1", draws=3)
    assert session.fragments["top-c1"].value == "('layer 1', 3)"
    assert session.move(count=3) == ("top-k2",) and session.names["layer"] == "layer 1"
    session.move(layer="layer 2")
    session.move(count=2)
    assert session.names["layer"] == "layer 0", "an option that is gone is no longer chosen"
    with pytest.raises(
        TorchbookError, match=r"choice layer: expected two or more numbers or strings from .*\['layer 0'"
    ):
        session.move(count=1)
    program_text = program(session.document)
    assert 'layer = list([f"layer {n}" for n in range(count)])[0]' in program_text and "draws = 0" in program_text


class _Table:
    def _repr_html_(self):
        return (
            '<style>td {color: red}</style><script>alert(1)</script><table border="1" onclick="x()"><tr>'
            '<td colspan="2" style="color: red">1 &lt; 2<img src="https://x.org/a.png"></td>'
            '<td><a href="javascript:x()">y</a></td></tr></table>'
        )


def test_tables_are_shown_as_tables_without_anything_that_runs():
    assert output.shown(_Table()) == {"table": '<table><tr><td colspan="2">1 &lt; 2</td><td><a>y</a></td></tr></table>'}
    assert "value" in output.shown(_Table), "a class is no table"
