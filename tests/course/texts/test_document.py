"""A document is read as it is written, and what is wrong is said with its line."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.course.texts.document import parsed
from torchbook.course.texts.document_parts import Axis, Box, Card, Cell, Control, Guess, Heading, Picture, Prose
from torchbook.course.texts.document_values import FORMULA, filled, values
from torchbook.errors import TorchbookError

FILE = Path("09_autograd.md")
FRONT = "---\ntitle: Autograd\nline: One walk backwards.\n---\n"


def read(body, front=FRONT):
    return parsed(front + body, FILE)


def written(parts):
    """The text of parts, so that reading it gives the same parts again."""
    return "\n".join(_written(part) + "\n" for part in parts)


def _written(part):
    if isinstance(part, Heading):
        return f"{'#' * part.level} {part.text}"
    if isinstance(part, Prose):
        return part.text
    if isinstance(part, Cell):
        words = [
            "python",
            *([part.kind] if part.kind != "shown" else []),
            *(["raises", part.raises] if part.raises else []),
        ]
        return f"```{' '.join(words)}\n{part.source}\n```"
    if isinstance(part, Control):
        given = {"options": list(part.options) or None, "minimum": part.minimum, "maximum": part.maximum}
        given |= {"step": part.step, "value": part.value, "label": part.label}
        words = ", ".join(f"{key}={value!r}" for key, value in given.items() if value is not None)
        return f"::: {part.kind} {part.name}, {words}"
    if isinstance(part, Picture):
        return f"::: picture {part.expression}"
    if isinstance(part, Card):
        return f"::: {part.kind} {part.name}"
    if isinstance(part, Box):
        return f"::: {part.kind} {part.title}\n\n{written(part.parts)}\n:::"
    assert isinstance(part, Guess)
    if part.truth:
        return f"::: guess\n{written(part.question)}\n{part.truth.text}\n\n{written(part.after)}\n:::"
    options = "\n".join(f"- [{'x' if one.right else ' '}] {one.text.text} → {one.reason.text}" for one in part.options)
    return f"::: guess\n{written(part.question)}\n{options}\n\n{written(part.after)}\n:::"


words = st.lists(
    st.sampled_from(["a", "slope", "$w x$", "`w.grad`", "**bold**", "{{ 2 * x }}", "[[loss]]"]), min_size=1
)
prose = words.map(" ".join).filter(lambda text: not text.startswith("#"))
names = st.sampled_from(["x", "rate", "w_2"])
numbers = st.floats(-5, 5, width=16)
blocks = st.one_of(
    prose,
    st.lists(prose, min_size=1, max_size=3).map(lambda rows: "\n".join(f"- {row}" for row in rows)),
    st.sampled_from(
        ["| a | b |\n|---|---|\n| 1 | {{ x:.2f }} |", "$$\\frac{{a}}{b}\n= {{ x }}$$", "```text\n::: no\n\n## no\n```"]
    ),
    st.builds(
        lambda n, text: f"{'#' * n} {text}", st.sampled_from([2, 3]), st.sampled_from(["The question", "Two `a`"])
    ),
    st.builds(
        lambda kind, source, name: f"```python{kind}{name}\n{source}\n```",
        st.sampled_from(["", " hidden", " stage", " deeper"]),
        st.sampled_from(["x = 1", "\nif x:\n\n    '''::: slider'''\n# {{ no", "def f():\n    return 1\n\n\nf()"]),
        st.sampled_from(["", " raises failed"]),
    ),
    st.builds(lambda name, value: f"::: slider {name}, -5, 5, value={value!r}, label='rate $x$'", names, numbers),
    st.builds(lambda name: f"::: choice {name}, ['a', 'b'], value='b'", names),
    st.builds(lambda name, value: f"::: number {name}, {value!r}, step=0.5", names, numbers),
    st.sampled_from(["::: picture Graph(tape, place='a')", "::: exercise softmax", "::: quiz 9"]),
    st.builds(
        lambda a, b, c, d: f"::: guess\n{a}\n\n- [ ] {b} → {c}\n- [x] {c} → {d}\n\n{d}\n:::", prose, prose, prose, prose
    ),
    st.builds(
        lambda question, truth, after: f"::: guess\n{question}\n\n{truth}\n\n{after}\n:::",
        prose,
        st.sampled_from(
            [
                "= {{ x:, }} letters, from -1,000 to 1e3",
                "= {{ {1: x}[1]:.1% }}",
                "~ {{ [1, 2], x }}, step from 0 to 9, the loss from .5 to 2.5",
            ]
        ),
        prose,
    ),
)
boxes = st.recursive(
    st.lists(blocks, max_size=4).map("\n\n".join),
    lambda inside: st.builds(
        lambda kind, body, after: f"::: {kind} A title\n{body}\n:::\n\n{after}",
        st.sampled_from(["story", "deeper", "beside"]),
        inside,
        inside,
    ),
    max_leaves=4,
)


@settings(deadline=None)
@given(boxes)
def test_what_is_written_again_reads_the_same(body):
    parts = read(body).parts
    again = read(written(parts)).parts
    assert re.sub(r"line=\d+", "", repr(again)) == re.sub(r"line=\d+", "", repr(parts))


@settings(deadline=None)
@given(boxes)
def test_every_part_has_an_id_of_its_own_and_knows_its_line(body):
    document = read(body)
    ids = [part.id for part in document.flat]
    assert len(ids) == len(set(ids))
    lines = document.source.splitlines()
    begins = {Heading: "##", Cell: "```python", Control: ":::", Picture: "::: picture", Guess: "::: guess", Box: ":::"}
    for part in document.flat:
        text = lines[part.line - 1]
        assert text.startswith(begins.get(type(part), "")) and (
            not isinstance(part, Prose) or part.text.split()[0] in text
        )


def test_a_part_is_found_again_by_its_heading_and_count():
    document = read("lead\n\n## The question\none\n\ntwo\n\n```python\n1\n```\n\n## The question\nthree")
    assert [part.id for part in document.parts] == [
        *("top-p1", "the-question", "the-question-p1", "the-question-p2", "the-question-c1"),
        *("the-question-2", "the-question-2-p1"),
    ]


@pytest.mark.parametrize(
    "body, line, words",
    [
        ("\n```python\nx = 1\nif x\n```", 8, "this is not Python: expected ':'"),
        ("```python\nx = 1", 5, "not closed"),
        ("```python\n# nothing\n```", 5, "no Python"),
        ("```python shwon\n1\n```", 5, "expected hidden, stage, deeper"),
        ("# Title", 5, "the title is in front"),
        ("a\n{{ 1 + }}", 6, "{{ 1 + }} is no Python expression"),
        ("a\n\nb\n{{x}}", 8, "write {{ expression }}"),
        ("::: slidr x, 1, 2", 5, "there is no directive 'slidr'; did you mean 'slider'?"),
        ("::: slider x, 3, 1", 5, "minimum < maximum"),
        ("::: slider x, 1", 5, "expected two ends"),
        ("::: slider x, 1, 2, value=3", 5, "slider x: 3 is not between 1 and 2"),
        ("::: slider x, 1, y", 5, "maximum must be a plain value, got y"),
        ("::: slider x, 1, 2, steps=3", 5, "'steps' is not known"),
        ("::: slider 3", 5, "expected a name and values"),
        ("::: choice x, ['a', 'b'], value='c'", 5, "'c' is none of 'a', 'b'"),
        ("::: number x, 'a'", 5, "expected a number"),
        ("::: picture Graph(", 5, "no Python expression"),
        ("::: exercise Two Words", 5, "the name of an exercise"),
        ("::: quiz nine", 5, "the number of a lesson"),
        ("a\n\n::: story\nb", 7, "not closed"),
        ("a\n\n:::", 7, "closes nothing"),
        ("::: guess\nWhat?\n\n- [ ] a → b\n- [ ] c → d\n:::", 5, "one of them '- [x]'"),
        ("::: guess\nWhat?\n\n- [ ] a → b\n- [x] c\n:::", 9, "no reason"),
        ("::: guess\n## What?\n:::", 6, "holds text alone"),
        ("::: guess\nWhat?\n:::", 5, "a question and two or more options"),
        ("::: guess\n= {{ x }}\n:::", 5, "a guess needs a question"),
        ("::: guess\nWhat?\n\n= {{ x }}\n\n= {{ y }}\n:::", 5, "or a number '= {{ value }}', or a curve"),
        ("::: guess\nWhat?\n\n- [x] a → b\n- [ ] b → c\n\n= {{ x }}\n:::", 5, "a guess needs a question and"),
        ("::: guess\nWhat?\n= {{ x }}\n:::", 7, "leave a blank line above and below '= {{ x }}'"),
        (
            "::: guess\nWhat?\n\n= {{ x }} cm, from 3\n:::",
            8,
            "'= {{ count:, }} letters, from 0 to 100', got '= {{ x }} cm",
        ),
        (
            "::: guess\nWhat?\n\n= {{ x }}, from 3 to 3\n:::",
            8,
            "expected a range such as 'from 0 to 100', got 'from 3 to 3'",
        ),
        ("::: guess\nWhat?\n\n= {{ x }} of {{ y }}\n:::", 8, "expected '= {{ count }}'"),
        ("::: guess\nWhat?\n\n= {{ x y }}\n:::", 8, "{{ x y }} is no Python expression"),
        ("::: guess\nWhat?\n\n~ {{ x }}, step from 0 to 9\n:::", 8, "loss from 0 to 5', got '~ {{ x }}, step from"),
        ("::: guess\nWhat?\n\n~ {{ x:.2f }}, a from 0 to 9, b from 0 to 1\n:::", 8, "have no format, got '.2f'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(body, line, words):
    with pytest.raises(TorchbookError) as error:
        read(body)
    assert str(error.value).startswith(f"09_autograd.md:{line}: ") and words in str(error.value)


@pytest.mark.parametrize(
    "front, line, words",
    [
        ("", 1, "expected front matter"),
        ("---\ntitle: A", 1, "not closed"),
        ("---\ntitle: A\n---\n", 1, "lacks 'line: ...'"),
        ("---\ntitle: A\ntitel: B\n---\n", 3, "did you mean 'title'?"),
        ("---\ntitle: A\ntitle: B\n---\n", 3, "twice"),
        ("---\ntitle: A\nline: B\nrows: many\n---\n", 4, "expected numbers"),
        ("---\ntitle: A\nline: B\ndraft: yes\n---\n", 4, "draft: expected true or false, got 'yes'"),
        ("---\ntitle: A\nline: B\ncontrols: x\n---\n", 4, "lines of their own"),
        ("---\ntitle: A\nline: B\ncontrols:\n  x: 1 +\n---\n", 5, "expected values"),
        ("---\ntitle: A\nline: B\nclaims:\n  - x ==\n---\n", 5, "no Python expression"),
        ("---\ntitle: A\nline: B\n  - x\n---\n", 4, "is in no list"),
    ],
)
def test_what_is_wrong_with_the_front_matter_is_said(front, line, words):
    with pytest.raises(TorchbookError) as error:
        read("", front)
    assert str(error.value).startswith(f"09_autograd.md:{line}: ") and words in str(error.value)


def test_the_front_matter_is_all_there():
    front = read(
        "",
        "---\ntitle: A\nline: B: c\ndraft: true\nrows: 3, 14\nterms: loss, bias\n"
        "controls:\n  x: 1, -2.5\nclaims:\n  - x == 1\n---\n",
    ).front
    assert (front.title, front.line, front.rows, front.terms) == ("A", "B: c", (3, 14), ("loss", "bias"))
    assert front.controls == {"x": (1, -2.5)} and front.draft and not read("").front.draft
    assert [(claim.expression, claim.line) for claim in front.claims] == [("x == 1", 10)]


def test_a_guess_knows_what_it_is_compared_with():
    number, share, curve = (
        read(f"::: guess\nWhat?\n\n{line}\n\nSeen *later*.\n:::").parts[0].truth
        for line in (
            "= {{ d['a'][1:2]:.1f }} °C, from −40 to 1,000.5",
            "= {{ right / all:.0% }}",
            "~ {{ steps, losses }}, the step from 0 to 20, loss from 1e-3 to 5",
        )
    )
    assert (number.expression, number.value.format, number.unit) == ("d['a'][1:2]", ".1f", "°C")
    assert (number.id, number.line, number.low, number.high) == ("top-g1-t1", 8, -40.0, 1000.5)
    assert share.is_share and not number.is_share and share.unit == "" and share.low is share.high is None
    assert (curve.expression, curve.across, curve.up) == (
        *("steps, losses", Axis("the step", 0.0, 20.0), Axis("loss", 0.001, 5.0)),
    )


def test_a_document_has_a_number():
    with pytest.raises(TorchbookError, match=r"autograd\.md: expected a document with a name such as"):
        parsed(FRONT, Path("autograd.md"))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("{{ x }}", ("x", "")),
        ("{{ 2 * n:, }}", ("2 * n", ",")),
        ("{{ d['a:b'][1:2]:.3f }}", ("d['a:b'][1:2]", ".3f")),
        ("{{ (lambda a: a)(1) }}", ("(lambda a: a)(1)", "")),
        ("{{ {1: 2} }}", ("{1: 2}", "")),
    ],
)
def test_a_value_is_an_expression_and_a_format(text, expected):
    value = values(text, 1, "a.md")[0]
    assert (value.expression, value.format) == expected


def test_a_value_knows_whether_it_stands_in_a_formula():
    text = r"{{ a }} costs 5$ and $x_{{ b }} = \frac{{1}}{2} \cdot {{ c }}$, `$` {{ d }} $$y\n= {{ e }}$$"
    found = values(text, 3, "a.md")
    assert [(one.expression, one.in_formula, one.after_sign) for one in found] == [
        *(("a", False, False), ("b", True, False), ("c", True, True), ("d", False, False), ("e", True, False))
    ]
    assert (
        filled(text, "12345").startswith("1 costs 5$ and $x_2 = ") and len(FORMULA.findall(filled(text, "12345"))) == 2
    )


def test_a_backslash_in_a_label_stands_for_itself():
    control = read(r'::: slider x, 0, 1, label="rate $\eta \theta$"').parts[0]
    assert control.label == r"rate $\eta \theta$"
