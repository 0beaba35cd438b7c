"""Words that explain themselves: `[[term]]` in the Markdown of a lesson."""

import html
import re

import pytest

from torchbook.course.notebook import text
from torchbook.course.notebook.words import _beginning, plain
from torchbook.course.texts.formula import readable
from torchbook.course.texts.glossary import read_glossary
from torchbook.errors import TorchbookError

ENTRIES = read_glossary()


def words(markup):
    """The text of some HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def test_a_term_shows_the_beginning_of_its_entry_and_leads_to_the_rest():
    shown = text("The [[loss]] falls.").text
    assert words(shown[: shown.index('<span class="tb-entry"')]) == "The loss"
    entry = next(entry for entry in ENTRIES if entry.term == "loss")
    assert entry.text[:40] in words(shown)
    assert 'href="/glossary/loss"' in shown
    assert 'tabindex="0"' in shown and "title=" not in shown


def test_a_term_may_be_said_in_other_words():
    shown = text("We go [[gradient descent|downhill]].").text
    assert ">downhill</span>" in shown and "/glossary/gradient%20descent" in shown


def test_formulas_and_code_are_left_alone():
    markdown = (
        "Not $[[loss]]$, nor\n\n$$[[loss]]$$\n\nnor `[[loss]]`, nor ``a ` [[loss]]``:\n\n```python\nx[[loss]]\n```\n"
    )
    assert "tb-word" not in text(markdown).text
    assert plain(markdown) == markdown


def test_a_term_after_code_is_found():
    assert text("`x[[0]]` and [[loss]] and `y`").text.count('class="tb-word"') == 1


def test_an_unknown_term_is_an_error_that_names_the_nearest():
    with pytest.raises(TorchbookError, match="did you mean 'gradient descent'"):
        text("[[gradient decent]]")
    with pytest.raises(TorchbookError, match="no term 'zzz'"):
        text("[[zzz]]")


def test_without_a_page_the_words_alone_are_there():
    source = "The [[loss]] of a [[batch|few examples]] is $L$."
    assert plain(source) == "The loss of a few examples is $L$."
    assert text(source)._repr_markdown_() == plain(source)


def test_text_without_terms_is_plain_markdown():
    import marimo

    assert text("# Only *this*").text == marimo.md("# Only *this*").text


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.term)
def test_markdown_changes_nothing_in_an_entry(entry):
    shown = text(f"See [[{entry.term}]], in a line.").text
    sheet = re.search(
        r'<span class="tb-sheet".*?</strong>(.*?)(<span class="tb-formula">|</span>\s*<a )', shown, re.DOTALL
    )[1]
    parts = re.split(r"`([^`]*)`", readable(_beginning(entry.text)))
    parts[::2] = [re.sub(r"(?<!\\)[*]+|\\(?=[*_\[\]|~<])", "", part) for part in parts[::2]]
    expected = "".join(parts)
    assert words(sheet) == " ".join(expected.split())


def test_terms_stand_in_tables_and_lists():
    shown = text("| a | b |\n|---|---|\n| [[loss]] | [[one-hot]] |\n\n- [[batch]]\n- [[softmax]]").text
    assert shown.count("<td>") == 2 and shown.count("<li>") == 2 and shown.count('class="tb-word"') == 4
