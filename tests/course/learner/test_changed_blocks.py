"""Changed blocks are kept: no text that another page has written is lost, and a damaged file costs only its content."""

import threading

import pytest

from torchbook.course.learner.changed_blocks import ChangedBlock, Conflict, read, save
from torchbook.course.learner.workspace import Workspace


@pytest.fixture
def own(tmp_path):
    return Workspace(tmp_path)


def copies(own):
    return sorted(file.read_text() for file in own.folder.glob("kept/*"))


def test_what_is_saved_is_read_again(own):
    one = ChangedBlock("x = 1\r\n'ä'", "x = 0", "abc")
    save(own, "09", "top-c1", one, base=None)
    save(own, "09", "top-c2", ChangedBlock("y"), base=None)
    save(own, "P1", "top-c1", ChangedBlock("z"), base=None)
    assert read(own, "09") == {"top-c1": one, "top-c2": ChangedBlock("y")}
    save(own, "09", "top-c1", ChangedBlock("x = 2"), base=one.text)
    assert read(own, "09")["top-c1"].text == "x = 2" and copies(own) == []
    save(own, "09", "top-c1", None, base="x = 2")
    assert read(own, "09").keys() == {"top-c2"} and copies(own) == ["x = 2"]
    assert read(own, "P1").keys() == {"top-c1"}


@pytest.mark.parametrize("mine", [ChangedBlock("mine"), None])
@pytest.mark.parametrize("base", ["older", None])
def test_what_another_page_has_written_stays(own, mine, base):
    save(own, "09", "c", ChangedBlock("theirs"), base=None)
    with pytest.raises(Conflict) as conflict:
        save(own, "09", "c", mine, base=base)
    assert conflict.value.text == "theirs" and read(own, "09")["c"].text == "theirs"
    save(own, "09", "c", mine, base="theirs", aside=True)
    assert copies(own) == ["theirs"] and read(own, "09").get("c") == mine


def test_who_writes_the_same_is_no_conflict(own):
    save(own, "09", "c", ChangedBlock("same"), base=None)
    save(own, "09", "c", ChangedBlock("same", "same"), base="older")
    assert read(own, "09")["c"].ran == "same"
    save(own, "09", "c", None, base="same")
    save(own, "09", "c", None, base="same")
    with pytest.raises(Conflict) as conflict:
        save(own, "09", "c", ChangedBlock("more"), base="same")
    assert conflict.value.text is None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[]", b'{"c": 1}', b'{"c": {"text": 1}}', b'{"c": {"text": "a", "more": 2}}', b'{"c": null}'],
)
def test_a_damaged_file_costs_its_content_and_is_kept(own, content):
    file = own.folder / "blocks" / "09.json"
    file.parent.mkdir()
    file.write_bytes(content)
    assert read(own, "09") == {}
    save(own, "09", "d", ChangedBlock("new"), base=None)
    assert read(own, "09") == {"d": ChangedBlock("new")}
    assert [copy.read_bytes() for copy in own.folder.glob("kept/*")] == [content]


def test_pages_that_write_at_once_lose_nothing(own):
    cells = [f"c{place}" for place in range(12)]
    threads = [
        threading.Thread(target=save, args=(own, "09", c, ChangedBlock(c)), kwargs={"base": None}) for c in cells
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(own, "09").keys() == {*cells}
