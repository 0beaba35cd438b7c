"""What runs again after a change is enough, and not everything."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.course.runtime.dataflow import steps, touched
from torchbook.course.runtime.live import LiveSession
from torchbook.course.runtime.session import run
from torchbook.course.texts.document import parsed
from torchbook.errors import TorchbookError

FRONT = "---\ntitle: T\nline: L\n---\n"


def document(body, front=FRONT):
    return parsed(front + body, Path("07_made.md"))


@st.composite
def bodies(draw):
    """Cells that compute with the names above them and change some of those in place, and prose that shows names."""
    numbers, tensors = ["a", "b"], []
    parts = ["::: slider a, 0, 9, value=1", "::: slider b, 0, 9, value=2", "```python\nimport torch\n```"]
    for place in range(draw(st.integers(2, 9))):
        kind = draw(st.sampled_from(["number", "tensor", "in place", "prose", "backward"]))
        one, other = draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))
        tensor = draw(st.sampled_from(tensors)) if tensors else ""
        if kind == "number":
            value = f"{tensor}.sum().item()" if tensor and draw(st.booleans()) else one
            parts.append(f"```python\nn{place} = {value} + 2 * {other}\n```")
            numbers.append(f"n{place}")
        elif kind == "tensor":
            parts.append(f"```python\nt{place} = torch.tensor([float({one}), 1.0], requires_grad=True)\nt{place}\n```")
            tensors.append(f"t{place}")
        elif kind == "in place" and tensor:
            parts.append(f"```python\nwith torch.no_grad():\n    {tensor}.mul_({other} + 2)\n{tensor}.sum()\n```")
        elif kind == "backward" and tensor:
            parts.append(f"```python\nloss{place} = ({tensor} ** 2).sum() * {one}\n```")
            parts.append(f"```python\nloss{place}.backward()\n```\n\n{{{{ {tensor}.grad.sum() }}}}")
        else:
            parts.append(f"{{{{ {one} }}}} and {{{{ {other} }}}}{f' {{{{ {tensor} }}}}' if tensor else ''}")
    return "\n\n".join(parts)


@settings(deadline=None, max_examples=60)
@given(bodies(), st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), min_size=1, max_size=3))
def test_moving_a_control_gives_what_running_everything_gives(body, moves):
    made = document(body)
    session = run(made)
    for name, value in moves:
        before = dict(session.fragments)
        changed = session.move(**{name: value})
        anew = run(made, **session.positions)
        assert session.fragments == anew.fragments
        assert set(changed) == {id for id in before if before[id] != anew.fragments[id]}


@settings(deadline=None, max_examples=60)
@given(bodies(), st.lists(st.one_of(st.none(), st.tuples(st.sampled_from("ab"), st.integers(0, 9))), max_size=9))
def test_moves_while_parts_have_not_run_yet_give_what_running_everything_gives(body, moves):
    made = document(body)
    session = LiveSession(made, at_once=False)
    for move in moves:
        if move is None:
            session.proceed()
        else:
            session.move(**dict([move]))
    while session.proceed():
        pass
    assert session.fragments == run(made, **session.positions).fragments


def test_only_what_a_control_touches_runs_again():
    made = document(
        "::: slider a, 0, 9\n\n```python\nx = a + 1\n```\n\n```python\nfar = 3\n```\n\n"
        "```python\ny = 2 * x\n```\n\n{{ y }} {{ far }}\n\n{{ far }}"
    )
    again = touched(steps(made), {"a"}, {})
    assert [step.id for step in again] == ["top-k1", "top-c1", "top-c3", "top-p1"]


@pytest.mark.parametrize(
    "body, message",
    [
        ("```python\nx = 1\n```\n\n```python\n\nx = 2\n```", "07_made.md:9: 'x' is made here and in line 5"),
        (
            "```python\ny\n```\n\n```python\ny = 2\n```",
            "07_made.md:5: 'y' is used here, but it is made further down, in line 9",
        ),
        (
            "```python\nrate = 1\n```\n\n{{ rat }}",
            "07_made.md:9: 'rat' is used here, but nothing makes it; did you",
        ),
        (
            "```python\ndef f():\n    return g()\n```\n\n```python\ndef g(): ...\n```",
            "'g' is used here, but it is made further",
        ),
        ("::: slider x, 1, 2\n\n```python\nx = 1\n```", "07_made.md:7: 'x' is made here and in line 5"),
        ("::: picture Graph(tape)", "07_made.md:5: 'Graph' is used here"),
    ],
)
def test_names_are_unique_and_made_before_they_are_used(body, message):
    with pytest.raises(TorchbookError) as error:
        steps(document(body))
    assert message in str(error.value)


def test_a_loop_over_nothing_in_particular_may_be_there_twice():
    assert (
        len(steps(document("```python\nfor _ in range(2): pass\n```\n\n```python\nfor _ in range(2): pass\n```"))) == 2
    )


@pytest.mark.parametrize(
    "extra, message",
    [
        ("controls:\n  rate: 1\n", "07_made.md:1: the front matter tries the control 'rate'"),
        ("claims:\n  - gone == 1\n", "07_made.md:5: nothing makes 'gone'"),
    ],
)
def test_the_front_matter_speaks_of_names_that_exist(extra, message):
    with pytest.raises(TorchbookError, match=message):
        steps(document("", f"---\ntitle: T\nline: L\n{extra}---\n"))
