"""Markdown as plain words."""

from torchbook.course.texts.prose import without_markup


def test_markdown_read_aloud():
    assert without_markup("The **[[loss]]** of [[weight|weights]] is $x^2$, see [this](/lessons/11).") == (
        "The loss of weights is x², see this."
    )
    assert without_markup("a `name_with_underscores` and *two* words, 2 * 3 * 4") == (
        "a name_with_underscores and two words, 2 * 3 * 4"
    )
