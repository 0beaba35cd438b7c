"""What a guess is compared with is computed, and follows what it is computed from."""

import json
import math
import re
from pathlib import Path

import pytest
import torch

from torchbook.course.runtime.cell import CellError
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.program import program
from torchbook.course.runtime.session import run
from torchbook.course.runtime.snapshot import Snapshot, differences, text_of
from torchbook.course.runtime.truth import true_curve
from torchbook.course.texts.document import parsed

FRONT = "---\ntitle: T\nline: L\n---\n"


def document(*truths, before=""):
    guesses = "\n\n".join(f"::: guess\nWhat?\n\n{truth}\n:::" for truth in truths)
    return parsed(f"{FRONT}{before}\n\n{guesses}\n", Path("07_made.md"))


def shown(truth, before="```python\nimport torch\n```"):
    return run(document(truth, before=before)).fragments["top-g1-t1"]


@pytest.mark.parametrize(
    ("truth", "text", "number"),
    [
        ("= {{ 1536000 }}", "1,536,000", 1536000.0),
        ("= {{ -5 }} °C", "−5", -5.0),
        ("= {{ torch.tensor([2 / 3]) }}", "0.6667", 0.6667),
        ("= {{ 2 / 3:.1% }}", "66.7%", 66.7),
        ("= {{ -12345.678:,.1f }}", "−12,345.7", -12345.7),
        ("= {{ 5.5e6 }}", "5.5e+06", 5.5e6),
        ("= {{ 10**6:.0e }}", "1e+06", 1e6),
    ],
)
def test_a_number_is_what_is_shown(truth, text, number):
    fragment = shown(truth)
    assert fragment.values == (text,) and fragment.state == {"number": number}


@pytest.mark.parametrize(
    ("truth", "words"),
    [
        ("= {{ torch.ones(2) }}", "ValueError: a guess is compared with a finite number, got tensor"),
        ("= {{ math.nan }}", "finite number, got nan"),
        ("= {{ True }}", "finite number, got True"),
        ("= {{ 5:b }}", None),
        ("= {{ 3:x>3 }}", "the format 'x>3' writes 'xx3', which is no number"),
        ("~ {{ 5 }}, a from 0 to 1, b from 0 to 1", "a curve is a list of heights, or two lists, got int"),
        ("~ {{ 'ab' }}, a from 0 to 1, b from 0 to 1", "or two lists, got str"),
        ("~ {{ [1] }}, a from 0 to 1, b from 0 to 1", "a curve has from 2 to 1,000 points, got 1 places"),
        ("~ {{ [1, 2], [1] }}, a from 0 to 1, b from 0 to 1", "got 2 places and 1 heights"),
        ("~ {{ [2, 1], [1, 1] }}, a from 0 to 1, b from 0 to 1", "the places of a curve rise"),
        ("~ {{ torch.ones(3, 3) }}, a from 0 to 1, b from 0 to 1", "a curve is a list of numbers, or two of them"),
    ],
)
def test_what_cannot_be_guessed_is_an_error_of_its_line(truth, words):
    before = "```python\nimport math\nimport torch\n```"
    if words is None:
        assert shown(truth, before).values == ("101",)
        return
    with pytest.raises(CellError, match=r"07_made\.md:13: ") as error:
        shown(truth, before)
    assert words in str(error.value)


def test_a_curve_has_its_points_words_and_a_drawing_without_styles():
    fragment = shown("~ {{ torch.tensor([4.0, 1.0, 2.0], requires_grad=True) }}, step from 0 to 2, loss from 0 to 5")
    assert fragment.state == {"x": [0.0, 1.0, 2.0], "y": [4.0, 1.0, 2.0]}
    assert fragment.alternative == "loss against step: from 4 at 0 to 2 at 2, lowest 1 at 1."
    assert "style=" not in fragment.drawing and fragment.drawing.count("<path") > 3 and ">loss<" in fragment.drawing


def test_a_curve_of_two_lists_may_leave_its_axes_and_be_no_number_somewhere():
    part = document("~ {{ 0 }}, a from 0 to 1, b from 0 to 1").flat[-1]
    fragment = true_curve(part, (torch.linspace(0, 1, 4), [0.5, math.nan, 12345.678, math.inf]))
    assert fragment.state == {"x": [0.0, 0.333333, 0.666667, 1.0], "y": [0.5, None, 12350.0, 1e30]}
    assert fragment.alternative == "b against a: from 0.5 at 0 to infinity at 1."
    assert json.loads(json.dumps(fragment.as_json(), allow_nan=False))
    rows = torch.tensor([[0.0, 1.0], [3.0, 4.0]])
    assert true_curve(part, rows).state == {"x": [0.0, 1.0], "y": [3.0, 4.0]}
    assert true_curve(part, [math.nan, math.nan]).alternative == "b against a: not a number anywhere."


def test_it_follows_controls_and_changed_blocks_and_waits_for_what_has_failed():
    made = document(
        *("= {{ twice }}", "~ {{ [0, twice] }}, a from 0 to 1, b from 0 to 9"),
        before="::: slider n, 0, 9, value=3\n\n```python\ntwice = 2 * n\n```",
    )
    session = LiveSession(made)
    assert session.move(n=4) == ("top-g1-t1", "top-g2-t1")
    assert session.fragments["top-g2-t1"].state["y"] == [0.0, 8.0]
    session.rewrite("top-c1", "twice = 3 * n")
    assert session.fragments["top-g1-t1"].values == ("12",)
    session.rewrite("top-c1", "twice = 1 / 0")
    assert session.fragments["top-g1-t1"].values == ("12",) and session.fragments["top-g1-t1"].waits == "top-c1"
    session.rewrite("top-c1", "twice = None")
    assert session.fragments["top-g1-t1"].waits == "top-g1-t1" and session.fragments["top-g1-t1"].values == ("12",)
    assert session.put_back("top-c1") and session.fragments["top-g1-t1"].values == ("8",)


def test_it_is_part_of_the_stored_state_and_a_comment_of_the_program():
    before, after = (
        Snapshot("", run(document(f"= {{{{ {number} }}}} steps, from 0 to 9")).fragments) for number in (1, 2)
    )
    assert differences(before, after) == ["top-g1-t1"] and '"number": 1.0' in text_of(before)
    assert re.search(
        r"# What\?\n\n# = \{\{ 1 \}\} steps, from 0 to 9", program(document("= {{ 1 }} steps, from 0 to 9"))
    )
