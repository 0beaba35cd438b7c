from xml.etree import ElementTree

import pytest

from torchbook.course.site.mathml import mathml
from torchbook.errors import TorchbookError


def test_a_subscript_takes_no_notice_of_the_tail_of_its_letter():
    assert '<msub><mpadded depth="0"><mi>p</mi></mpadded><mi>i</mi></msub>' in mathml("p_i")
    assert '<msubsup><mpadded depth="0"><mi>y</mi></mpadded>' in mathml("y_i^2")


def test_a_prime_stands_at_its_letter():
    assert "<msup>" not in mathml("f'(x)") and "<msup>" in mathml("x^2")


@pytest.mark.parametrize(
    "tex",
    [r"\text{<b>}", r'\color{"><b>q</b>} x', r"\operatorname{<b>}", r"\mathrm{<b>}", r"a <b> c", r"\text{&lt;b>}"],
)
def test_a_formula_brings_no_html(tex):
    try:
        html = mathml(tex)
    except TorchbookError:
        return
    assert "<b" not in html.partition(">")[2]
    assert ElementTree.fromstring(html.replace("&quot;", "")).tag == "math"


def test_a_formula_leads_nowhere_and_has_no_style():
    html = mathml(r"\href{javascript:alert(1)}{x} \class{site-bar}{y}")
    assert "href" not in html.partition(">")[2] and "class" not in html.partition(">")[2]


def test_lines_are_aligned():
    html = mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}")
    assert html.count("<mtr>") == 2 and html.count('columnalign="right"') == 2 and "&amp;" not in html.partition(">")[2]


@pytest.mark.parametrize(
    "tex, spaced",
    [
        (r"y \log p", r"<mi>y</mi>{s}<mi>log</mi>{s}<mi>p</mi>"),
        (r"\log(p)", r"<mi>log</mi><mo"),
        (r"\log_{10} p", r"</msub>{s}<mi>p</mi>"),
        (r"\arg\max_k p", r"<mi>arg</mi>{s}<msub><mi>max</mi><mi>k</mi></msub>{s}<mi>p</mi>"),
        (r"\operatorname*{arg\,max}_k p", r"<msub><mi>argmax</mi><mi>k</mi></msub>{s}<mi>p</mi>"),
    ],
)
def test_names_of_functions_have_room_but_not_before_a_bracket(tex, spaced):
    assert spaced.format(s='<mspace width="0.167em" />') in mathml(tex)


def test_in_a_line_of_its_own_a_variable_stands_below_its_maximum():
    assert "<munder><mi>max</mi><mi>k</mi></munder>" in mathml(r"\max_k p_k", display=True)
    assert "<munder>" not in mathml(r"\max_k p_k")


@pytest.mark.parametrize(
    "tex, reason",
    [
        (r"\logit x", r"\\logit is no command"),
        (r"\frac{1", "every { needs its }"),
        (r"a^b^c", "two exponents"),
        (r"x_", "something must follow"),
        (r"\left( x", r"every \\left needs its \\right"),
    ],
)
def test_what_is_no_formula_is_said(tex, reason):
    with pytest.raises(TorchbookError, match=reason):
        mathml(tex)
