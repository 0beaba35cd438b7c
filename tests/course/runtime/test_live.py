"""A reader changes a block: what needs it follows, an error is shown where it is, and the worker of a page says so."""

from pathlib import Path

import pytest

from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.lesson_worker import hold
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.session import run
from torchbook.course.texts.document import documents, parsed
from torchbook.errors import TorchbookError

BODY = (
    "::: slider a, 0, 9, value=1\n\n```python\nx = a + 1\nx\n```\n\n::: deeper\n```python\ny = 2 * x\ny\n```\n:::\n\n"
    "{{ y }}\n\n```python\nfar = 3\n```\n\n{{ far }}"
)


@pytest.fixture
def session():
    return LiveSession(parsed(f"---\ntitle: T\nline: L\n---\n{BODY}", Path("07_made.md")))


def shown(session):
    return {id: fragment for id, fragment in session.fragments.items() if fragment != Fragment()}


def test_what_needs_a_changed_block_follows(session):
    assert session.rewrite("top-c1", "x = a + 10\nx") == ("top-c1", "top-c2", "top-p1")
    assert session.fragments["top-p1"].values == ("22",)
    assert session.fragments == run(session.document).fragments
    assert session.move(a=2) == ("top-c1", "top-c2", "top-p1") and session.fragments["top-p1"].values == ("24",)
    assert session.put_back("top-c1") == ("top-c1", "top-c2", "top-p1") and session.names["y"] == 6


def test_what_needs_a_failed_block_waits_with_its_last_state(session):
    before = shown(session)
    assert session.rewrite("top-c1", "x = a / 0\nx") == ("top-c1", "top-c2", "top-p1")
    assert session.fragments["top-c1"].error == "ZeroDivisionError: division by zero"
    assert session.fragments["top-p1"] == Fragment(values=("4",), waits="top-c1")
    assert session.fragments["top-p2"] == before["top-p2"]
    session.move(a=3)
    assert session.fragments["top-p1"].waits
    session.put_back("top-c1")
    session.move(a=1)
    assert shown(session) == before


@pytest.mark.parametrize("value", ["{{ x.real }}", "{{ x:.1f }}"])
def test_a_sentence_that_has_lost_its_value_stands_as_it_was(value):
    session = LiveSession(
        parsed(f"---\ntitle: T\nline: L\n---\n```python\nx = 1.5\n```\n\n{value}", Path("07_made.md"))
    )
    session.rewrite("top-c1", "x = 'a'")
    assert session.fragments["top-p1"] == Fragment(values=("1.5",), waits="top-p1")
    session.put_back("top-c1")
    assert session.fragments["top-p1"] == Fragment(values=("1.5",))


def test_code_that_cannot_run_says_so_until_the_block_is_run_again(session):
    session.rewrite("top-c1", "x = a +")
    refused = session.fragments["top-c1"]
    assert refused.error.startswith("SyntaxError")
    assert session.move(a=5) == ("top-c2", "top-p1")  # the code before runs on
    assert session.fragments["top-c1"] == refused and session.fragments["top-p1"].values == ("12",)
    session.put_back("top-c1")
    assert session.fragments["top-c1"] == Fragment(value="6")


def test_a_block_that_should_fail_can_be_repaired():
    body = "```python raises wrong\nz = 1 / 0\nz\n```\n\n{{ str(wrong) }}"
    session = LiveSession(parsed(f"---\ntitle: T\nline: L\n---\n{body}", Path("07_made.md")))
    before = shown(session)
    assert session.rewrite("top-c1", "z = 1 / 4\nz") == ("top-c1", "top-p1")
    assert session.fragments["top-c1"] == Fragment(value="0.25")
    assert session.fragments["top-p1"] == Fragment(values=("division by zero",), waits="top-c1")
    session.put_back("top-c1")
    assert shown(session) == before


def test_the_error_of_a_changed_block_that_should_fail_is_explained():
    body = "```python raises wrong\n1 / 0\n```\n\n{{ str(wrong) }}"
    session = LiveSession(parsed(f"---\ntitle: T\nline: L\n---\n{body}", Path("07_made.md")))
    assert not session.fragments["top-c1"].explanation  # the lesson itself speaks of that error
    session.rewrite("top-c1", "import torch\ntorch.ones(3) + torch.ones(4)")
    assert "3" in session.fragments["top-c1"].explanation and "4" in session.fragments["top-c1"].explanation
    session.put_back("top-c1")
    assert not session.fragments["top-c1"].explanation


@pytest.mark.parametrize(
    "source, error",
    [
        ("x = (", "SyntaxError: '(' was never closed (line 1 of this block)"),
        ("x = 1\ny = 2", "another block of this lesson makes 'y'"),
        ("z = 1", "NameError: a later block uses 'x', and no block makes it any more."),
        ("x = 1\nmiddle = 2\nx + midle", "name 'midle' is not defined (line 3 of this block). Did you mean 'middle'?"),
    ],
)
def test_code_that_cannot_be_part_of_the_lesson_leaves_its_names_alone(session, source, error):
    assert session.rewrite("top-c1", source) == ("top-c1",)
    assert error in session.fragments["top-c1"].error
    assert session.names["x"] == 2 and session.names["y"] == 4
    assert session.put_back("top-c1") == ("top-c1",)


@pytest.mark.parametrize("source", ["import torhc", "import torhc\nones = torch.ones(3)"])
def test_a_misspelt_import_is_explained_where_it_stands(source):
    body = "```python\nimport torch\n```\n\n```python\nx = torch.ones(2)\n```\n\n{{ x.sum() }}"
    session = LiveSession(parsed(f"---\ntitle: T\nline: L\n---\n{body}", Path("07_made.md")))
    assert session.rewrite("top-c1", source) == ("top-c1",)
    assert session.fragments["top-c1"].error == "ModuleNotFoundError: No module named 'torhc'"
    assert "Did you mean `import torch`?" in session.fragments["top-c1"].explanation
    assert session.put_back("top-c1") == ("top-c1",)
    assert session.fragments["top-c1"] == Fragment()


def test_names_that_a_block_no_longer_makes_are_gone(session):
    session.rewrite("top-c3", "far = 3\nmore = 4")
    assert session.names["more"] == 4
    session.put_back("top-c3")
    assert "more" not in session.names
    with pytest.raises(TorchbookError, match="there is no cell 'top-c9'"):
        session.rewrite("top-c9", "1")


def test_a_passed_answer_is_used_and_what_needs_it_runs_again(tmp_path):
    body = (
        "```python hidden\nfrom torchbook.course.earlier import answer_of, is_passed\n```\n\n"
        '```python stage\nown = is_passed("slopes_by_autograd")\n'
        'slope = answer_of("slopes_by_autograd").slopes(lambda x: x**2, 3 * torch.ones(1)).item()\n```\n\n'
        "{{ slope }} {{ own }}\n\n```python\nfar = 1\n```"
    )
    body = f"```python hidden\nimport torch\n```\n\n{body}"
    session = LiveSession(parsed(f"---\ntitle: T\nline: L\n---\n{body}", Path("07_made.md")))
    assert session.fragments["top-p1"].values == ("6", "False")
    file = tmp_path / "slopes_by_autograd.py"
    try:
        for slope in (7, 8):
            file.write_text(f"def slopes(function, x):\n    return 0 * x + {slope}\n")
            assert session.use_answers({"slopes_by_autograd": file}) == ("top-p1",)
            assert session.fragments["top-p1"].values == (str(slope), "True")
        file.write_text("def slopes(function, x):\n    raise ValueError('no')\n")
        session.use_answers({"slopes_by_autograd": file})
        assert session.fragments["top-c3"].error == "ValueError: no" and session.fragments["top-p1"].waits
    finally:
        session.use_answers({})
    assert session.fragments["top-p1"].values == ("6", "False")


def test_a_document_without_answers_runs_nothing_again(session):
    assert session.use_answers({}) == ()


class Left(Exception):
    """The page has gone."""


def talk(request, *messages):
    """What the worker answers to each message, all that comes up to its number; it is told the next one then."""
    answers = []
    parts = {}
    waiting = list(messages)

    def send(answer):
        if "running" in answer:
            return
        parts.update(answer["fragments"])
        if "number" not in answer:
            return
        answers.append(answer | {"fragments": dict(parts)})
        parts.clear()
        if len(answers) > len(messages):
            raise Left

    with pytest.raises(Left):
        hold({"document": str(documents()[9])} | request, send, iter(waiting))
    return answers


def test_a_worker_says_what_differs_from_the_page():
    (same,) = talk({"number": 1})
    assert same == {"number": 1, "fragments": {}, "pictures": {}}
    (moved,) = talk({"controls": {"at_x": 0.5}, "number": 4})
    assert moved["number"] == 4 and moved["fragments"]["you-have-to-ask-first-p7"]["values"][4] == "0.5"
    (changed,) = talk({"cells": {"top-c1": "import torch\n\nw = torch.tensor(1.0)\ny = w\nw.grad"}})
    assert "top-c1" in changed["fragments"]
    (back,) = talk({"replaced": ["top-c1"]})
    assert back["fragments"] == {"top-c1": {"value": "tensor(2.)"}}


def test_a_worker_answers_what_a_page_says():
    first, second = talk({}, {"cell": "top-c1", "source": "1 +", "number": 2})
    assert first["fragments"] == {} and second["number"] == 2
    assert second["fragments"]["top-c1"]["error"].startswith("SyntaxError")
    _, unknown = talk({}, {"controls": {"no": 1}, "number": 3})
    assert unknown == {"number": 3, "fragments": {}, "pictures": {}}


SLOW = """---
title: T
line: L
---
::: slider x, 0, 9, value=1

```python hidden
ran = ["long"]
long = [1]
```

```python hidden
import torch

w = torch.ones(1) * x
```

```python hidden
w.mul_(3)
```

```python hidden
after = ran and long
```

It is {{ w }}.
"""


def test_what_is_slow_and_what_needs_it_is_left_until_it_is_asked_for():
    session = LiveSession(parsed(SLOW, Path("07_made.md")), at_once=False)
    while session.proceed(slow=["top-c1"]):
        pass
    assert {step.id for step in session.steps} - session.fragments.keys() == {"top-k1", "top-c1", "top-c4"}
    session.run_now(["top-c4"])
    assert session.names["after"] == [1] and not session.proceed()


def test_fragments_do_not_differ_by_their_time():
    assert Fragment(value="1", slow=True) == Fragment(value="1")


def test_a_page_hears_of_each_part_that_runs_for_it():
    heard = []
    session = LiveSession(
        parsed(SLOW, Path("07_made.md")), at_once=False, ran=lambda: heard.append(len(session.fragments))
    )
    session.move(x=2)
    assert heard == [0, 1, 2, 3] and session.fragments["top-p1"].values == ("6",)


def test_what_is_touched_runs_first_and_what_changes_its_values_in_place_with_it():
    session = LiveSession(parsed(SLOW, Path("07_made.md")), at_once=False)
    assert not session.fragments
    session.move(x=2)
    assert session.fragments["top-p1"].values == ("6",)
    assert "long" not in session.names and "after" not in session.names, "what nobody asked for has not run"
    while session.proceed():
        pass
    assert session.names["after"] == [1]
    assert session.fragments["top-p1"].values == ("6",), "no part runs twice for it"
    whole = LiveSession(parsed(SLOW, Path("07_made.md")))
    whole.move(x=2)
    assert session.fragments == whole.fragments


def test_what_a_cell_has_printed_stands_beside_its_error(session):
    session.rewrite("top-c1", "print('before')\nx = a / 0")
    fragment = session.fragments["top-c1"]
    assert fragment.printed == "before\n" and fragment.error.startswith("ZeroDivisionError")
    session.rewrite("top-c1", "import sys\nprint('one')\nsys.stderr.write('10 %\\r20 %')\nx = a")
    assert session.fragments["top-c1"].printed == "one\n20 %" and session.running is None


HELD = """---
title: T
line: L
---
::: slider height, 0, 9, value=1

```python
import torch

w = torch.tensor(2.0)
y = 3 * w
```

The sum is {{ y }}.

```python
far = torch.tensor(float(height))
```

At {{ height }} it is {{ far }}.
"""


def test_after_a_reload_a_failing_block_keeps_back_only_what_needs_its_values():
    session = LiveSession(parsed(HELD, Path("07_made.md")), at_once=False)
    failing = "import torch\n\nw = torch.tensor(2.0)\ny = w.no"
    session.adopt({"top-c1": failing})
    assert not session.fragments, "nothing has run for it"
    session.move(height=4)
    session.run_now(["top-c1"])
    while session.proceed():
        pass
    assert session.fragments["top-c1"].error.startswith("AttributeError")
    assert session.fragments["top-p1"] == Fragment(waits="top-c1"), "the page shows what it did before"
    assert session.fragments["top-p2"].values == ("4", "4")
    session.put_back("top-c1")
    assert session.fragments["top-p1"].values == ("6",)
    session.rewrite("top-c1", "w = 1 / 0\nimport torch\ny = w")
    session.move(height=5)
    assert session.fragments["top-p2"].values == ("5", "5") and session.fragments["top-p1"].waits


@pytest.mark.parametrize("order", [["top-c1", "top-c2"], ["top-c2", "top-c1"]])
@pytest.mark.parametrize("beside", [{}, {"top-c9": "1"}, {"top-c3": "far = ("}])
@pytest.mark.parametrize("sources", [("z = 5", "y = 2 * z"), ("x = z = 5", "y = 2 * z")])
def test_blocks_that_need_each_other_are_adopted_in_any_order(order, beside, sources):
    session = LiveSession(parsed(f"---\ntitle: T\nline: L\n---\n{BODY}", Path("07_made.md")), at_once=False)
    cells = dict(zip(("top-c1", "top-c2"), sources))
    session.adopt({cell: cells[cell] for cell in order} | beside)
    while session.proceed():
        pass
    if "top-c3" in beside:
        assert session.fragments["top-c3"].error.startswith("SyntaxError") and session.names["far"] == 3
    if "top-c3" not in beside or "x" in sources[0]:  # what is no Python is left out, and the others one by one
        assert session.fragments["top-p1"].values == ("10",)


def test_an_import_that_stays_is_no_change():
    session = LiveSession(parsed(HELD, Path("07_made.md")))
    ran = []
    session._stream, stream = lambda step: ran.append(step.id) or stream(step), session._stream
    session.rewrite("top-c1", "import torch\n\nw = torch.tensor(5.0)\ny = 3 * w")
    assert session.fragments["top-p1"].values == ("15",) and ran == ["top-c1"]
    session.rewrite("top-c1", "import numpy as torch\n\nw = y = 3")
    assert ran == ["top-c1", "top-c1", "top-c2"] and session.fragments["top-c2"].error.startswith("AttributeError")
    session.put_back("top-c1")
    assert session.fragments == LiveSession(parsed(HELD, Path("07_made.md"))).fragments
