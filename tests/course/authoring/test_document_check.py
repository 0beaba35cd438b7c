"""Every promise that a document can break is noticed, with its line, and nothing is said of one that keeps them all."""

import re

import pytest

from torchbook.cli import main
from torchbook.course.authoring import freeze
from torchbook.course.authoring.document_check import check_document
from torchbook.course.authoring.document_check_text import CELLS, WORDS, word_count
from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.runtime.snapshot import file_of, text_of
from torchbook.course.texts import document as texts
from torchbook.course.texts.document import read_document

GOOD = """---
title: Gradient descent
line: Downhill, step by step.
rows: 24, 25
terms: loss, gradient
controls:
  rate: 0.25, 0.5
claims:
  - step == rate * slope
---

::: slider rate, 0.0, 1.0, value=0.125, label="the rate"

With this rate of {{ rate }} we go, and in 1986 that was news. Twelve is 12, and `0.625` is code.

**What you will be able to do**

- compute a [[loss]]
- go downhill
- stop

## The question

::: guess
How low does it go?

- [x] to zero → It ends at {{ 2 * rate }}.
- [ ] to one → No.
:::

```python
import torch

w = torch.tensor(5.0, requires_grad=True)
(w**2).backward()
w.grad
```

```python hidden
slope = w.grad.item() / 4
step = rate * slope
```

The step is {{ step }}, and the slope {{ slope }}.

::: exercise mean_squared_error

::: exercise descend_by_hand

::: exercise gradient_descent_step

## Quiz

::: quiz 8

## In five lines

- one
- two
- three
- four
- five

## Where it comes next

- [Autograd](/lessons/09) finds the slopes, [the question](#the-question) stays.
"""

# 29 words in one sentence, and a cell.
LONG = " ".join(["word"] * 28) + " end. "
CELL = "```python\n1 + 1\n```\n\n"


@pytest.fixture
def check(tmp_path):
    """Checks the good document with something in it replaced; its stored state is made anew where it can be."""

    def check(*changes, frozen=True, **options):
        source = GOOD
        for old, new in changes:
            assert old in source
            source = source.replace(old, new, 1)
        file = tmp_path / "08_gradient_descent.md"
        file.write_text(source, encoding="utf-8")
        document = read_document(file)
        if frozen:
            file_of(document).write_text(text_of(fresh_state(document)), encoding="utf-8")
        return check_document(document, **options).faults

    return check


def test_a_document_that_keeps_all_promises_has_no_faults(check):
    assert check() == []
    assert check(("w.grad\n", "class Net: pass\nw.grad, Net, Net()\n")) == []


FROZEN = [
    ("Gradient descent\n", "Descending\n", 2, "the title is 'Descending', the plan of the course says"),
    ("rows: 24, 25", "rows: 24, 500", 4, "COVERAGE.toml has no row 500"),
    ("rows: 24, 25\n", "", 1, "the front matter lacks 'rows: ...'"),
    ("terms: loss,", "terms: loos,", 5, "'loos' is no term of the glossary"),
    ("Twelve", "$s = \\frac{a$. Twelve", 14, "the formula $s = \\frac{a$ cannot be shown: every { needs its }"),
    ("Twelve", "$\\nosuch{a}$. Twelve", 14, "\\nosuch is no command that is known here"),
    ("[[loss]]", "[[loos]]", 18, "[[loos]] is no term of the glossary"),
    ("::: slider rate, 0.0", "## Start\n\n::: slider rate, 0.0", 1, "does not begin with something to touch"),
    ("What you will be able to do", "What it is about", 1, "does not say 'What you will be able to do'"),
    ("- go downhill\n", "", 16, "has 2 points, expected three to five"),
    ("## The question\n", "## A start\n\n## The question\n", 22, "the first section is '## A start'"),
    ("## Quiz", "## Questions", 1, "the heading '## Quiz' is missing"),
    ("- four\n", "", 56, "'## In five lines' has 4 points"),
    ("[Autograd](/lessons/09)", "Autograd", 64, "has no link to a lesson"),
    ("::: exercise descend_by_hand\n", "", 1, "the exercise 'descend_by_hand' of this lesson is not in it"),
    ("exercise descend_by_hand", "exercise descend_by_foot", 48, "there is no exercise 'descend_by_foot'"),
    ("::: quiz 8", "::: quiz 9", 54, "expected the quiz of this lesson"),
    ("::: quiz 8", "", 1, "expected its quiz once, as '::: quiz 8', got 0"),
    ("- three\n", "- to be written\n", 58, "'to be written' stands here still"),
    ("step == rate", "step == 1 + rate", 9, "step == 1 + rate * slope does not hold with {'rate': 0.125}"),
    ("rate: 0.25, 0.5", "rate: 0.25, 3.0", 12, "slider rate = 3.0: 08_gradient_descent.md:12: slider rate: 3.0 is"),
    ("controls:\n  rate: 0.25, 0.5\n", "", 10, "slider rate: no other value is tried"),
    ("With this rate", "It is 29.02. With this rate", 14, "the number 29.02 is typed in ('It is 29.02."),
    ("Twelve", "A step of 0.3125. Twelve", 14, "a cell computes it: write {{ step }}"),
    ("Twelve", "$s = 0.3125$. Twelve", 14, "the number 0.3125 is typed in ('s = 0.3125'); a cell computes it"),
    ("- [ ] to one → No.", "- [ ] to one → No, to 250 %.", 28, "a cell computes it: write {{ slope }}"),
    ("w.grad\n", "w.grad * (rate > -1)\n", 31, "this cell lacks 'rate', which the slider in line 12 makes"),
    ("import torch\n", "1\n```\n\n```python hidden\nimport torch\n```\n\n```python\n", 39, "lacks 'torch', which the"),
    ("(w**2)", "(w**2 + 0 * torch.rand(1)[0])\nw.data += torch.rand(1)[0]\n(w**2)", 31, "shows something else than"),
    ("(w**2)", "_loss = w\n(w**2)", 35, "shown code mentions _loss"),
    ("(w**2)", "def quiz(n): return n\nquiz(3)\n(w**2)", 36, "shown code mentions quiz(...)"),
    ("(w**2)", "class Tape: value = 1\nTape().value\n(w**2)", 36, "shown code mentions .value"),
    ("(w**2)", "from torchbook.course.texts import plan\n(w**2)", 35, "mentions torchbook.course.texts"),
    ("- stop", "- stop ![](/x.png)", 20, "a picture has no text alternative: ![](/x.png)"),
    ("/lessons/09", "/lessons/77", 66, "[Autograd](/lessons/77) leads nowhere"),
    ("#the-question", "#the-answer", 66, "[the question](#the-answer) leads nowhere"),
    ("## Quiz", 20 * LONG + "\n\n## Quiz", 22, "under 'The question' sentences have "),
    ("With this rate", "It works only so. With this rate", 14, "'only so' is not how one says it in English"),
    ("## Quiz", "\n\n".join(["A few words. " * 30] * 28) + "\n\n## Quiz", 106, "words, expected at most 2,500"),
    ("## Quiz", CELL * CELLS + "## Quiz", 104, "it has 15 shown cells, expected at most 14"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), FROZEN, ids=[words[:40] for *_, words in FROZEN])
def test_a_broken_promise_is_noticed(check, old, new, line, words):
    # Claims and stored states that cannot be made are what is looked for here.
    faults = check((old, new), frozen="does not hold" not in words)
    assert any(f"08_gradient_descent.md:{line}: " in fault and words in fault for fault in faults), faults
    assert len(faults) <= 4, faults


def test_a_control_that_changes_nothing_seen_is_noticed(check):
    slider = "::: slider unseen, 0, 9\n\n```python hidden\nheld = unseen\n```\n\n## Quiz"
    (fault,) = check(("controls:", "controls:\n  unseen: 3"), ("## Quiz", slider))
    assert ":53: slider unseen: moving it from 0 to 3 changes nothing that is shown" in fault


def test_a_picture_without_words_is_noticed(check):
    figure = """```python stage
from matplotlib.figure import Figure

drawing = Figure()
axes = drawing.add_subplot(title="a title")
```

::: picture drawing

## Quiz"""
    assert check(("## Quiz", figure)) == []
    (fault,) = check(("## Quiz", figure.replace("a title", "")))
    assert "08_gradient_descent.md:59: this picture has no words" in fault


NUMBER = "How low does it go?\n\n= {{ 2 * rate }} of it"
CURVE = "How does it go?\n\n~ {{ [0, slope, step] }}"


@pytest.mark.parametrize(
    ("truth", "fault"),
    [
        (NUMBER, ""),
        (f"{NUMBER}, from 0 to 1", ""),
        (f"{NUMBER}, from 1 to 9", ":49: the number is 0.25, and its range goes from 1 to 9"),
        (f"{CURVE}, time from 0 to 2, loss from -1 to 9", ""),
        (f"{CURVE}, time from 0 to 9, loss from -1 to 9", ":49: the curve goes from 0 to 2, and its axis from 0 to 9"),
        (f"{CURVE}, time from 0 to 2, loss from 5 to 9", ":49: the curve leaves its axes, which go from 5 to 9"),
        (CURVE.replace("step]", "inf]") + ", a from 0 to 2, b from 0 to 1", ":49: 'inf' is used here"),
        (
            NUMBER.replace("2 * rate", "[rate, 1]"),
            ":49: ValueError: a guess is compared with a finite number, got [0.125, 1]",
        ),
    ],
)
def test_a_guess_can_be_right(check, truth, fault):
    faults = check(("::: exercise mean", f"::: guess\n{truth}\n:::\n\n::: exercise mean"), frozen=not fault)
    assert faults == [] if not fault else any(fault in each for each in faults), faults


def test_a_claim_is_tried_with_every_value(check):
    faults = check(("step == rate * slope", "step < 1.2"))
    assert any(":9: step < 1.2 does not hold with {'rate': 0.5}" in fault for fault in faults)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("(w**2)", "w / 0 + 1 / 0\n(w**2)", r":35: ZeroDivisionError"),
        ("{{ slope }}", "{{ slopes }}", r":44: 'slopes' is used here, but nothing makes it"),
        ("step == rate * slope", "step == [][0]", r":9: IndexError"),
    ],
)
def test_what_cannot_run_is_a_fault_of_its_line(check, old, new, words):
    assert any(re.search(words, fault) for fault in check((old, new), frozen=False))


def test_the_stored_state_must_be_that_of_the_document(check):
    assert check(frozen=False) == [
        "08_gradient_descent.md:1: has not been run for its page yet; run: torchbook author freeze 08"
    ]
    check()
    (fault,) = check(("- stop", "- halt"), frozen=False)
    assert "08_gradient_descent.md:1: has changed since it was run for its page" in fault


def test_a_stored_state_that_running_does_not_give_is_noticed(check, tmp_path):
    check()
    stored = tmp_path / "08_gradient_descent.json"
    stored.write_text(stored.read_text().replace("0.3125", "0.3126", 1))
    (fault,) = check(frozen=False)
    assert re.search(r":\d+: what is shown from .* on is not the stored state", fault)


def test_what_costs_too_much_is_noticed(check):
    (fault,) = check(seconds=0.0)
    assert re.match(r"08_gradient_descent\.md:1: it takes \d+\.\d processor seconds, expected at most 0", fault)


def test_a_draft_may_lack_parts_and_is_held_to_the_rest(tmp_path):
    file = tmp_path / "08_gradient_descent.md"
    body, _, _ = GOOD.partition("::: exercise")
    file.write_text(body.replace("rows: 24, 25", "draft: true").replace("12, and", "13, and"), encoding="utf-8")
    document = read_document(file)
    file_of(document).write_text(text_of(fresh_state(document)), encoding="utf-8")
    report = check_document(document)
    assert report.draft and len(report.faults) == 1 and ":14: the number 13 is typed in" in report.faults[0]


def test_words_are_counted_as_read(tmp_path):
    file = tmp_path / "08_a.md"
    file.write_text(GOOD + "\n::: deeper More\n\n" + "word " * WORDS + "\n\n```text\nnot a word\n```\n\n:::\n")
    from torchbook.course.authoring.document_check_text import in_view

    small = tmp_path / "08_b.md"
    small.write_text(
        "---\ntitle: T\nline: L\n---\n\n## Two words\n\nIt is $a + b$, `w.grad` or {{ 1 + 1 }} of [[loss]].\n"
    )
    count = [word_count(in_view(read_document(each).parts)) for each in (file, small)]
    assert count[0] < 100 and count[1] == 2 + 8


def test_the_command_checks_one_document_or_all(tmp_path, monkeypatch, capsys):
    file = tmp_path / "08_gradient_descent.md"
    file.write_text(GOOD, encoding="utf-8")
    broken = tmp_path / "07_broken.md"
    broken.write_text("# No front matter\n")
    monkeypatch.setattr(texts, "documents", lambda: {7: broken, 8: file})
    monkeypatch.setattr(texts, "projects", dict)
    assert main(["author", "check", "08"]) == 1
    assert "falls short  08_gradient_descent.md: " in capsys.readouterr().out
    freeze.freeze("08")
    assert main(["author", "check", "8"]) == 0
    assert "ready  08_gradient_descent.md: " in capsys.readouterr().out
    assert main(["author", "check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "    07_broken.md:1: expected front matter" in lines[1]
    assert lines[-1] == "1 of 2 documents keep the contract"
    assert main(["author", "check", "99"]) == 2
    assert main(["author", "freeze"]) == 2
    assert "freeze needs the number of a lesson" in capsys.readouterr().err
