"""Names and links are not to be trusted, and nothing is lost without a word."""

import os
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.images.files import listing
from torchbook.data.volumes.folder_kind import holds_volumes
from torchbook.errors import TorchbookError


def names(listed):
    return [file.name for file in listed.files]


def zipped(path, *entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return path


@pytest.mark.parametrize(
    "name", ["../a.png", "cat/../../a.png", "/etc/passwd", "C:/a.png", "c:a.png", "cat\\..\\a.png", "\\\\host\\a.png"]
)
def test_a_zip_that_leads_out_of_its_folder_is_refused(tmp_path, name):
    with pytest.raises(TorchbookError, match="leads out of the folder") as caught:
        listing(zipped(tmp_path / "a.zip", ("cat/1.png", b"x"), (name, b"x")))
    assert "\n" not in str(caught.value)


def test_a_link_in_a_zip_is_refused(tmp_path):
    link = zipfile.ZipInfo("cat/1.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(TorchbookError, match="is a link"):
        listing(zipped(tmp_path / "a.zip", (link, "/etc/passwd")))


def test_a_zip_bomb_costs_itself_and_is_never_unpacked(tmp_path):
    listed = listing(zipped(tmp_path / "a.zip", ("cat/1.png", b"\0" * (65 << 20)), ("cat/2.png", b"x")))
    assert listed.left_out == {"bomb": ["cat/1.png"]} and [file.name for file in listed.files] == ["cat/2.png"]
    # One that claims more than it holds is as good as one.
    path = zipped(tmp_path / "b.zip", ("cat/1.png", b"x"))
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\1\2") + 24
    content[at : at + 4] = struct.pack("<I", 3 << 30)
    path.write_bytes(content)
    assert listing(path).left_out == {"bomb": ["cat/1.png"]}


def test_an_entry_without_a_name_costs_itself(tmp_path):
    path = zipped(tmp_path / "a.zip", (zipfile.ZipInfo(""), b"x"), ("cat/2.png", b"x"))
    assert [file.name for file in listing(path).files] == ["cat/2.png"] and listing(path).left_out["no file"]
    assert not holds_volumes(path)


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_left_out(tmp_path):
    root = tmp_path / "root"
    (root / "cat").mkdir(parents=True)
    (root / "cat/1.png").write_bytes(b"x")
    (root / "cat/2.png").symlink_to("1.png")
    (root / "again").symlink_to(".")
    listed = listing(root)
    assert names(listed) == ["cat/1.png"]
    assert sorted(listed.left_out["link"]) == ["again", "cat/2.png"]
    (tmp_path / "root2").mkdir()
    for target in (tmp_path / "root2", "/etc/passwd", "../../nowhere"):
        (root / "cat/out").symlink_to(target)
        with pytest.raises(TorchbookError, match="leads out of the folder"):
            listing(root)
        (root / "cat/out").unlink()
    # The folder itself may be reached by a link.
    (tmp_path / "door").symlink_to(root)
    assert names(listing(tmp_path / "door")) == ["cat/1.png"]


def test_what_is_no_file_or_hidden_is_left_out(tmp_path):
    for name in ("cat/1.png", "cat/.hidden.png", ".git/2.png", "cat/Thumbs.db", "__MACOSX/cat/1.png", "cat/.DS_Store"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    os.mkfifo(tmp_path / "pipe")
    listed = listing(tmp_path)
    assert names(listed) == ["cat/1.png"]
    assert listed.left_out["no file"] == ["pipe"]
    assert len(listed.left_out["hidden"]) == 5


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_zip_is_listed_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("zip") / "a.zip"
    content = bytearray(zipped(path, ("cat/1.png", b"x" * 99), ("dog/2.png", b"y")).read_bytes())
    del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 3)) if content else 0):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    try:
        listing(path)
    except TorchbookError as error:
        assert "\n" not in str(error)


part = st.text(st.sampled_from("ab.:\\ ~\u00e9\n"), min_size=1, max_size=4)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@settings(max_examples=60, deadline=None)
@given(entries=st.lists(st.lists(part, min_size=1, max_size=3).map("/".join), max_size=6))
def test_every_entry_of_a_zip_is_listed_left_out_or_refused(tmp_path_factory, entries):
    path = zipped(tmp_path_factory.mktemp("zip") / "a.zip", *((entry, b"x") for entry in entries))
    try:
        listed = listing(path)
    except TorchbookError as error:
        assert "leads out of the folder" in str(error)
        assert "\n" not in str(error)
    else:
        left_out = [name for some in listed.left_out.values() for name in some]
        assert sorted(names(listed) + left_out) == sorted(entries)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_folder_without_permission_is_left_out(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "open.png").write_bytes(b"x")
    listed = listing(tmp_path)
    assert names(listed) == ["open.png"]
    assert listed.left_out == {"unreadable": ["closed/"]}
