import os

import pytest

from torchbook.storage import write_atomically


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
