from torchbook.course.site.mathml import mathml


def test_a_subscript_takes_no_notice_of_the_tail_of_its_letter():
    assert '<msub><mpadded depth="0"><mi>p</mi></mpadded><mi>i</mi></msub>' in mathml("p_i")
    assert '<msubsup><mpadded depth="0"><mi>y</mi></mpadded>' in mathml("y_i^2")


def test_a_prime_stands_at_its_letter():
    assert "<msup>" not in mathml("f'(x)") and "<msup>" in mathml("x^2")
