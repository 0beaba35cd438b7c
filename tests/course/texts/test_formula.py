import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchbook.course.texts.formula import formula_as_text, readable


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"\frac{1}{n} \sum_{i=1}^{n} (\hat{y}_i - y_i)^2", "1/n Σᵢ₌₁ⁿ (ŷᵢ - yᵢ)²"),
        (r"\sigma(x) = \frac{1}{1 + e^{-x}}", "σ(x) = 1/(1 + e⁻ˣ)"),
        (r"w \leftarrow w - \eta \frac{\partial L}{\partial w}", "w ← w - η ∂L/∂w"),
        (r"\text{softmax}(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}", "softmax(x)ᵢ = e^(xᵢ)/(Σⱼ e^(xⱼ))"),
        (r"X W^\top + b", "X Wᵀ + b"),
        (r"x \in \mathbb{R}^{n \times m}", "x ∈ ℝ^(n × m)"),
        (r"\left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1", "⌊ (n + 2p - k)/s ⌋ + 1"),
        (r"\{0, 1\}", "{0, 1}"),
        (r"\sqrt{\frac{a + b}{c}}", "√((a + b)/c)"),
        (r"2^{10} \cdot 3", "2¹⁰ · 3"),
    ],
)
def test_what_the_course_writes_is_readable(formula, text):
    assert formula_as_text(formula).replace("\u0302", "") == text.replace("ŷ", "y")


@given(st.text(alphabet="\\{}^_$ ab12+-=frac sqrt", max_size=40))
def test_anything_comes_out_as_one_line(formula):
    assert "\n" not in formula_as_text(formula)


def test_a_wide_space_begins_a_new_line_where_a_formula_stands_alone():
    assert [line.strip() for line in readable(r"$$a = \frac{b}{n\,m} \qquad c = d$$").split("\n") if line] == [
        "a = b/(n m)",
        "c = d",
    ]


def test_code_and_prices_are_left_alone():
    text = "`$a$` and\n```\n$x_i$\n```\nfor 5 $ or 6 $."
    assert readable(text) == text


def test_formulas_in_a_sentence_are_no_emphasis():
    assert readable("both $a * b * c$ and $w_0$") == r"both a \* b \* c and w₀"
    assert readable("so\n$$\\frac{1}{2}$$\nend").split() == ["so", "1/2", "end"]
