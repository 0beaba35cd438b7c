"""The state of a document is written when it has changed, and is no other text's."""

import pytest

from torchbook.cli import main
from torchbook.course.authoring.freeze import as_anywhere, freeze
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.runtime.snapshot import Snapshot, differences, read_snapshot, text_of
from torchbook.course.texts import document as texts
from torchbook.course.texts.document import read_document
from torchbook.data.sets.mnist import MNIST, mnist_is_here
from torchbook.errors import TorchbookError
from torchbook.home import home

FRONT = "---\ntitle: T\nline: L\nclaims:\n  - x > 1\n---\n\n"
BODY = FRONT + "```python\nx = 1 + 1\nprint('a')\nx / 3\n```\n\n{{ x }} of {{ x + 1 }}\n"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A small document that is the only one."""
    file = tmp_path / "07_small.md"
    file.write_text(BODY)
    monkeypatch.setattr(texts, "documents", lambda: {7: file})
    return file


def test_it_is_written_once_and_again_only_when_something_changed(file):
    assert freeze("07").text == "07_small.json: 2 parts written, 0 kB"
    stored = file.with_suffix(".json")
    assert stored.read_text().splitlines()[1:-1] == [
        ' "top-c1": {"printed": "a\\n", "value": "0.6667"},',
        ' "top-p1": {"values": ["2", "3"]}',
    ]
    before = stored.stat().st_mtime_ns
    assert freeze("7").text.startswith("07_small.json is as it was")
    assert stored.stat().st_mtime_ns == before
    file.write_text(BODY.replace("1 + 1", "1 + 2"))
    with pytest.raises(TorchbookError, match=r"07_small\.md has changed since .* author freeze 07"):
        read_snapshot(read_document(file))
    assert freeze("07").data["changed"] == ["top-c1", "top-p1"]


def test_a_document_whose_claims_are_broken_is_not_frozen(file):
    file.write_text(BODY.replace("1 + 1", "1"))
    with pytest.raises(TorchbookError, match=r"07_small\.md:5: x > 1 does not hold"):
        freeze("07")
    assert not file.with_suffix(".json").exists()


def test_what_cannot_be_read_says_what_to_do(file):
    document = read_document(file)
    with pytest.raises(TorchbookError, match="has not been run for its page yet; run: torchbook author freeze 07"):
        read_snapshot(document)
    for damaged in ("", "[]", "{}", '{"document": "a", "fragments": {"top-c1": {"colour": 1}}}'):
        file.with_suffix(".json").write_text(damaged)
        with pytest.raises(TorchbookError, match=r"07_small\.json is damaged"):
            read_snapshot(document)


def test_what_is_too_large_is_not_shipped():
    with pytest.raises(TorchbookError, match="at most 500,000 are shipped; largest are top-c1"):
        text_of(Snapshot("a", {"top-c1": Fragment(printed="x" * 500_000), "top-c2": Fragment(printed="y")}))


def test_differences_are_those_that_are_shown():
    one = Snapshot("a", {"p": Fragment(values=("0.33",)), "q": Fragment(value="1"), "r": Fragment()})
    other = Snapshot("b", {"p": Fragment(values=("0.34",)), "q": Fragment(value="1"), "s": Fragment(value="2")})
    assert differences(one, other) == ["p", "s"]


def test_what_lies_on_this_machine_is_not_found(monkeypatch, tmp_path, own_home):
    for name in MNIST:
        (file := tmp_path / "mnist" / name).parent.mkdir(exist_ok=True)
        file.touch()
    monkeypatch.setenv("TORCHBOOK_DATA", str(tmp_path))
    assert mnist_is_here()
    with as_anywhere():
        assert not mnist_is_here()
    assert mnist_is_here() and home() == own_home
    file.unlink()
    assert not mnist_is_here()


def test_the_command(capsys):
    assert main(["author", "freeze", "09"]) == 0
    assert "09_autograd.json is as it was" in capsys.readouterr().out
    assert main(["author", "program", "09"]) == 0
    compile(capsys.readouterr().out, "program", "exec")
    assert main(["author", "freeze", "98"]) == 2
    assert "lesson 98 is not written yet; written are " in capsys.readouterr().err
