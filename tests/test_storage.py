import os

import pytest

from torchbook import storage
from torchbook.storage import remove_left, replace_unchanged, write_atomically


@pytest.mark.parametrize("links", [True, False])
@pytest.mark.parametrize("sync", [True, False])
def test_a_file_is_written_whole_and_stays_where_it_must_not_be_replaced(tmp_path, monkeypatch, links, sync):
    def refuses(*_):
        raise OSError("no links here")

    file = tmp_path / "new" / "file.txt"
    with monkeypatch.context() as patch:
        if not links:
            patch.setattr(os, "link", refuses)
        assert write_atomically(file, b"first", replace=False, sync=sync) and file.read_bytes() == b"first"
        assert not write_atomically(file, b"second", replace=False, sync=sync) and file.read_bytes() == b"first"
    assert write_atomically(file, b"third", sync=sync) and file.read_bytes() == b"third"
    assert [path.name for path in file.parent.iterdir()] == ["file.txt"]
    assert file.stat().st_mode & 0o777 == 0o644


def test_what_was_there_before_stays_when_writing_fails(tmp_path, monkeypatch):
    def fails(_):
        raise OSError("the disk is full")

    file = tmp_path / "file.txt"
    write_atomically(file, b"first")
    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="the disk is full"):
        write_atomically(file, b"second")
    assert file.read_bytes() == b"first" and len(list(tmp_path.iterdir())) == 1


def test_a_name_of_any_length_that_a_file_can_have(tmp_path):
    for name in ("n" * 255, "ä" * 127):
        assert write_atomically(tmp_path / name, b"content") and (tmp_path / name).read_bytes() == b"content"


def test_what_a_killed_process_left_is_removed_and_what_is_being_written_is_not(tmp_path):
    old, new, other = (tmp_path / name for name in (".a.json.abcd.part", ".a.json.efgh.part", ".a.json"))
    for file in (old, new, other):
        file.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    remove_left(tmp_path)
    assert sorted(tmp_path.iterdir()) == [other, new]
    remove_left(tmp_path, older_than=0.0)
    remove_left(tmp_path / "nowhere")
    assert [*tmp_path.iterdir()] == [other]


def in_place(file, text):
    file.write_text(text)


def by_renaming(file, text):
    file.with_suffix(".new").write_text(text)
    file.with_suffix(".new").replace(file)


@pytest.mark.parametrize("system", ["as it is", "without an exchange"])
@pytest.mark.parametrize("save", [in_place, by_renaming])
def test_what_another_program_saves_in_the_same_moment_stays(tmp_path, monkeypatch, save, system):
    file = tmp_path / "answer.py"
    file.write_text("before")
    if system != "as it is":
        monkeypatch.setattr(storage.sys, "platform", "another")
    assert replace_unchanged(file, b"typed", b"before") is None and file.read_text() == "typed"
    exchange, turns = storage._exchange, iter(["theirs"])

    def beside(first, second):
        for text in turns:
            save(file, text)
        exchange(first, second)

    monkeypatch.setattr(storage, "_exchange", beside)
    assert replace_unchanged(file, b"typed again", b"typed") == b"theirs" and file.read_text() == "theirs"
    assert [*tmp_path.iterdir()] == [file]
    # Once more between the two exchanges: all three are kept.
    turns = iter(["second"])
    count = iter(range(9))

    def twice(first, second):
        save(file, f"saved {next(count)}")
        exchange(first, second)

    monkeypatch.setattr(storage, "_exchange", twice)
    assert replace_unchanged(file, b"typed again", b"theirs") == b"saved 0"
    assert {each.read_text() for each in tmp_path.iterdir()} >= {"saved 0", "saved 1"}
