"""The rules about the text of a document."""

import re

import pytest

from torchbook.course.authoring.prose_lint import Fact, sentences, stiff_words, typed_numbers


def test_a_fact_allows_its_number_and_no_other_that_begins_or_ends_like_it():
    facts = (Fact("60,000 pictures", "the size of MNIST", lesson=8), Fact("784", "28 x 28"))
    stated = "It has 60,000 pictures of 784 pixels and 29.5 of them."
    assert [number for number, _ in typed_numbers(stated, facts)] == ["29.5"]
    assert len(list(typed_numbers("It is 784.5 or 1784.", facts))) == 2


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
