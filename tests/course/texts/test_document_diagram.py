"""Diagrams in a document: boxes and arrows from a few lines."""

from pathlib import Path

import pytest

from torchbook.course.texts.document import parsed
from torchbook.course.texts.document_diagram import Diagram
from torchbook.errors import TorchbookError


def diagram(body, title="A title"):
    made = parsed(f"---\ntitle: T\nline: L\n---\n::: diagram {title}\n{body}\n:::\n\ntext", Path("08_made.md"))
    assert [type(part).__name__ for part in made.parts] == ["Diagram", "Prose"]
    return made.parts[0]


def test_a_chain_a_circle_and_branches():
    chain = diagram("data | four\npictures → model → loss".replace("\n", " "))
    assert chain.boxes == (("data", "four pictures"), ("model", ""), ("loss", "")) and not chain.is_circle
    assert chain.columns == (0, 1, 2) and chain.line == 5
    assert chain.words == "A title. data leads to model. model leads to loss."
    assert diagram("a → b → c → a").is_circle and not diagram("a → b → c\nc → d").is_circle
    branches = diagram("data → train → model\n\ndata → test → score\nmodel → score", "Two ways.")
    assert branches.columns == (0, 1, 2, 1, 3)
    assert branches.words.startswith("Two ways. data leads to train and test.")


@pytest.mark.parametrize(
    ("body", "title", "message"),
    [
        ("a → b", "", "08_made.md:5: a diagram needs words"),
        ("", "A title", "08_made.md:5: a diagram needs a line"),
        ("a → b\nc", "A title", "08_made.md:7: expected boxes with arrows"),
        ("a → → b", "A title", "08_made.md:6: expected boxes"),
        ("a → b → a\nb → c", "A title", "08_made.md:5: these arrows go round"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(body, title, message):
    with pytest.raises(TorchbookError, match=message):
        diagram(body, title)


def test_what_is_not_closed_is_said():
    with pytest.raises(TorchbookError, match=r"08_made.md:5: this is not closed"):
        parsed("---\ntitle: T\nline: L\n---\n::: diagram A\na → b", Path("08_made.md"))


def test_a_diagram_is_a_part_with_an_id_of_its_own():
    assert isinstance(diagram("a → b"), Diagram) and diagram("a → b").id == "top-d1"
