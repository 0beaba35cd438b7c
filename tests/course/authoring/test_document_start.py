"""A new document says what is known of its lesson, and runs as it is."""

import pytest

from torchbook.cli import main
from torchbook.course.authoring import document_start
from torchbook.course.authoring.document_check import check_document
from torchbook.course.authoring.document_start import start_document
from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.runtime.snapshot import file_of, text_of
from torchbook.course.texts.document import read_document
from torchbook.course.texts.document_parts import Card, Heading
from torchbook.course.texts.plan import LESSONS
from torchbook.errors import TorchbookError


def started(number, folder):
    return read_document(folder / start_document(number, folder).data["file"])


@pytest.mark.parametrize("number", range(len(LESSONS)))
def test_it_parses_runs_freezes_and_keeps_the_contract_of_a_draft(number, tmp_path):
    document = started(f"{number:02}", tmp_path)
    file_of(document).write_text(text_of(fresh_state(document)), encoding="utf-8")
    report = check_document(document)
    lines = document.source.splitlines()
    assert report.faults == [] and report.unwritten
    assert all("to be written" in " ".join(lines[line - 1 : line + 4]).lower() for line in report.unwritten)
    assert document.front.title == LESSONS[number].title and document.front.draft


def test_it_has_what_is_known_of_the_lesson(tmp_path):
    document = started("9", tmp_path)
    assert document.name == "09_autograd.md" and {30, 31} <= set(document.front.rows)
    assert "computation graph" in document.front.terms
    headings = [part.text for part in document.flat if isinstance(part, Heading)]
    assert headings[:2] == ["The question", "You have to ask first"] and "Gradients add up" in headings
    cards = [(part.kind, part.name) for part in document.flat if isinstance(part, Card)]
    assert ("exercise", "slopes_by_autograd") in cards and cards[-1] == ("quiz", "9")
    assert len(cards) == len(set(cards))


def test_it_refuses_to_overwrite(tmp_path):
    document = started("11", tmp_path)
    assert document.name == "11_optimizers.md"
    with pytest.raises(TorchbookError, match=r"11_optimizers\.md is there already"):
        start_document("11", tmp_path)
    document.file.rename(tmp_path / "11_other.md")
    with pytest.raises(TorchbookError, match=r"11_other\.md is there already"):
        start_document("11", tmp_path)
    for number in ("33", "x", "-1"):
        with pytest.raises(TorchbookError, match=f"there is no lesson '{number}'; the plan has 00 to 32"):
            start_document(number, tmp_path)


def test_the_command(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(document_start, "LESSONS", tmp_path)
    assert main(["author", "new", "11"]) == 0
    assert "then run: torchbook author freeze 11" in capsys.readouterr().out
    assert (tmp_path / "11_optimizers.md").is_file()
