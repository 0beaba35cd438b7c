"""Every fault that a lesson can have is found, and none is found in a good one."""

import re

import pytest
from torchbook.course.authoring.lesson_lint import faults, marimo_says
from torchbook.course.authoring.lesson_lint_prose import Fact, prose_faults, sentences, stiff_words
from torchbook.course.texts.lesson import read_lesson

GOOD = r'''import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Gradient descent")

with app.setup:
    import marimo as mo
    import torch

    from torchbook.course.notebook import exercise, quiz, text


@app.cell(hide_code=True)
def _():
    text(r"""
    # Gradient descent

    What you will be able to do:

    - compute a [[loss]]
    - go downhill
    - stop

    It takes 20 minutes and needs lesson 09. See [tensors](/lessons/01).
    """)
    return


@app.cell(hide_code=True)
def _(loss):
    text(rf"""
    ## The question

    How low does it go? In 1986 this was news. A picture of 28x28 has 784 pixels, in ten classes, with $\eta = 0.01$ and
    `rate=0.5`. The loss is {loss:.2f}, which is {100 * loss:.0f} % of 1.
    """)
    return


@app.cell
def _():
    # The loss is what a comment says, 0.25.
    loss = torch.tensor(0.25).item()
    loss
    return (loss,)


@app.cell(hide_code=True)
def _():
    exercise("mean_squared_error")
    return


@app.cell(hide_code=True)
def _():
    exercise("descend_by_hand")
    return


@app.cell(hide_code=True)
def _():
    exercise("gradient_descent_step")
    return


@app.cell(hide_code=True)
def _():
    text("""
    ## Quiz
    """)
    return


@app.cell(hide_code=True)
def _():
    quiz(8)
    return


@app.cell(hide_code=True)
def _():
    text("""
    ## In five lines

    - one
    - two
    - three
    - four
    - five

    ## Where it comes next

    - [Autograd](/lessons/09) finds the slopes, [the question](#the-question) stays.
    """)
    return


if __name__ == "__main__":
    app.run()
'''

TEN_LINES = "".join(f"    _line_{number} = {number}\n" for number in range(10))
LONG = " ".join(["word"] * 30) + ". "


@pytest.fixture
def changed(tmp_path):
    """The good lesson with something changed in it."""

    def change(old="", new=""):
        assert old in GOOD
        file = tmp_path / "08_gradient_descent.py"
        file.write_text(GOOD.replace(old, new, 1))
        return read_lesson(file)

    return change


def test_a_good_lesson_has_no_faults(changed):
    assert faults(changed()) == []
    assert marimo_says(changed()) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# Gradient descent\n", "# Descending\n", "the first heading is 'Descending'"),
        ("What you will be able to do", "What it is about", "What you will be able to do"),
        ("    - go downhill\n", "", "has 2 points, expected three to five"),
        ("It takes 20 minutes and", "It", "does not say how many minutes"),
        ("20 minutes", "45 minutes", "it takes 45 minutes"),
        ("## The question\n", "## A start\n\n## The question, again\n", "'## The question' is missing"),
        ("## Quiz", "## Questions", "'## Quiz' is missing"),
        ("    - four\n", "", "'## In five lines' has 4 points"),
        ("## Where it comes next", "## Next", "'## Where it comes next' is missing"),
        ("- [Autograd](/lessons/09) finds the slopes", "- Autograd finds the slopes", "has no link to a lesson"),
        ("    loss = torch", TEN_LINES + "    loss = torch", "a cell has 12 lines of code"),
        ("@app.cell(hide_code=True)\ndef _(loss)", "@app.cell\ndef _(loss)", "only text shows its code"),
        ("    loss\n", "    print(loss)\n", "what is printed is not shown"),
        ("    import torch\n", "    import torch\n    import pandas as pd\n", "pandas is imported"),
        ('exercise("mean_squared_error")', 'exercise("mean_square")', "there is no exercise 'mean_square'"),
        ('    exercise("descend_by_hand")', '    exercise("softmax")', "'descend_by_hand' of this lesson is not in it"),
        ("quiz(8)", "quiz(9)", "expected its quiz once, as quiz(8), got 9"),
        ("How low does it go?", "It goes down to 29.02.", "the number 29.02 is typed in"),
        ("How low does it go?", "It is right for 92 %.", "the number 92 % is typed in"),
        ("How low does it go?", "It is right for {loss}, not for 97 per cent.", "the number 97 per cent is typed in"),
        ("How low does it go?", "It is 1e-4 at last.", "the number 1e-4 is typed in"),
        ("How low does it go?", "It needs 5,000 steps.", "the number 5,000 is typed in"),
        ("How low does it go?", "{'It is 0.3.' if loss else 'No.'}", "the number 0.3 is typed in"),
        ("[[loss]]", "[[loos]]", "[[loos]] is no term of the glossary"),
        ("/lessons/01", "/lessons/77", "[tensors](/lessons/77) leads nowhere"),
        ("#the-question", "#the-answer", "[the question](#the-answer) leads nowhere"),
        ("/lessons/01", "lessons/tensors.html", "(lessons/tensors.html) leads nowhere"),
        ("[tensors]", "[ ]", "has no words"),
        ("See [tensors]", "![](/x.png) See [tensors]", "a picture has no text alternative: ![](/x.png)"),
        ("    loss\n", "    mo.image(b'')\n", "a picture has no text alternative: mo.image"),
        ("    loss\n", "    mo.Html('<svg viewBox=\"0 0 1 1\"></svg>')\n", "a picture has no text alternative: <svg"),
        ("How low does it go?", 9 * LONG, "sentences have"),
    ],
)  # fmt: skip
def test_a_fault_is_found(changed, old, new, said):
    found = faults(changed(old, new))
    assert any(said in one for one in found), found
    assert len(found) <= 3, found


def test_sections_in_another_order(changed, tmp_path):
    source = GOOD.replace("## Quiz", "## X").replace("## In five lines", "## Quiz").replace("## X", "## In five lines")
    file = tmp_path / "08_gradient_descent.py"
    file.write_text(source)
    assert any("the order of its sections is" in one for one in faults(read_lesson(file)))


def test_marimo_is_asked(changed):
    twice = changed("    # The loss is what", "    torch = 3\n    # The loss is what")
    assert "torch" in marimo_says(twice)


def test_a_fact_may_be_stated_with_its_reason(changed):
    stated = changed("How low does it go?", "It has 60,000 pictures and 29.5 of them.")
    fact = Fact("60,000 pictures", "the size of MNIST", lesson=8)
    found = list(prose_faults(stated, (fact, Fact("784", "28 x 28"))))
    assert len(found) == 1 and "29.5" in found[0]
    assert any("does not state" in one for one in prose_faults(changed(), (fact, Fact("784", "28 x 28"))))
    # A fact allows its number and no other one that begins or ends like it.
    longer = changed("How low does it go?", "It is 784.5 or 1784.")
    assert len(list(prose_faults(longer, (Fact("784", "28 x 28"),)))) == 2


@pytest.mark.parametrize(
    "stiff",
    [
        "Who forgets it steps along a mixture, and wonders.",
        "They coincide. Only so.",
        "This is called to diverge.",
        "Only the units are others.",
        "Always to answer ten costs a lot.",
        "A formula says much in little room.",
        "It reads most of the digits rightly.",
    ],
)
def test_stiff_english_is_noticed(stiff):
    assert len(list(stiff_words(stiff))) == 1


def test_good_english_is_let_be():
    good = (
        "Who forgets this? There are others. It is called divergence, only so much is known, in few words. He is right."
    )
    assert list(stiff_words(good)) == []


def test_sentences_end_where_a_reader_stops():
    text = "One two. Is it $x. y$? Yes it is: so.\n\n- a point\n- another one\n\n```python\nx = 1\n```\n\n| a b | c |\n"
    assert sentences(text) == ["One two.", "Is it x?", "Yes it is:", "a point", "another one"]
    assert all(not re.search(r"[|`$]", one) for one in sentences(text))
