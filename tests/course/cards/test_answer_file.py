"""What is typed on a page and what is saved elsewhere meet in one file; neither is lost."""

import pytest

from torchbook import storage
from torchbook.course.cards.answer_file import AnswerFile
from torchbook.course.learner import study


@pytest.fixture
def file(own, double):
    return AnswerFile(own, double)


def elsewhere(file, text):
    """Another editor saves."""
    file.path.write_text(text)


def test_what_is_typed_is_in_the_file_at_once(file):
    saved = file.save("a = 1\n", base=file.known)
    assert saved.text == file.path.read_text() == "a = 1\n"
    assert saved.kept is None
    assert file.changed() is None and file.changed() is None


def test_a_newer_text_of_another_editor_stays_and_the_typed_one_is_kept_beside_it(file, own):
    began = file.known
    elsewhere(file, "external = 1\n")
    saved = file.save("typed = 1\n", base=began)
    assert saved.text == file.path.read_text() == "external = 1\n"
    assert saved.kept.parent == own.folder / "kept"
    assert saved.kept.read_text() == "typed = 1\n"
    # The page shows the other text now; what is typed over that is saved as usual.
    assert file.save("typed = 2\n", base=saved.text).kept is None
    assert file.path.read_text() == "typed = 2\n"


def test_the_same_text_from_two_sides_is_no_conflict(file):
    began = file.known
    elsewhere(file, "same = 1\n")
    assert file.save("same = 1\n", base=began).kept is None


def test_white_space_that_another_editor_trims_is_no_conflict(file):
    file.save("a = 1   \n\n", base=file.known)
    elsewhere(file, "a = 1\n")
    assert file.save("a = 12   \n\n", base="a = 1   \n\n").kept is None
    assert file.path.read_text() == "a = 12   \n\n"


def test_a_change_elsewhere_is_told_once_when_the_file_has_come_to_rest(file):
    elsewhere(file, "half")
    assert file.changed() is None
    elsewhere(file, "whole text\n")
    assert file.changed() is None
    assert file.changed() == "whole text\n"
    assert file.changed() is None


def test_a_file_that_was_only_touched_is_not_told(file):
    elsewhere(file, file.known)
    assert [file.changed() for _ in range(3)] == [None, None, None]


def test_a_text_saved_elsewhere_in_the_very_moment_stays_and_the_typed_one_is_kept(file, own, monkeypatch):
    exchange = storage._exchange

    def beside(first, second):
        monkeypatch.setattr(storage, "_exchange", exchange)
        elsewhere(file, "external = 1\n")
        exchange(first, second)

    monkeypatch.setattr(storage, "_exchange", beside)
    saved = file.save("typed = 1\n", base=file.known)
    assert saved.text == file.path.read_text() == "external = 1\n" and saved.kept.read_text() == "typed = 1\n"
    assert file.save("typed = 2\n", base=saved.text).kept is None and file.path.read_text() == "typed = 2\n"


def test_two_pages_take_turns(file, own, double):
    other = AnswerFile(own, double)
    file.save("first = 1\n", base=file.known)
    assert [other.changed() for _ in range(2)] == [None, "first = 1\n"]
    assert other.save("second = 2\n", base=other.known).kept is None
    assert [file.changed() for _ in range(2)] == [None, "second = 2\n"]
    assert not (own.folder / "kept").exists()


def test_a_file_that_is_not_utf_8_is_kept_as_it_was_before_it_is_typed_over(file, own, double):
    content = "# Größe\n".encode("latin-1")
    file.path.write_bytes(content)
    other = AnswerFile(own, double)
    assert other.save(other.known, base=other.known).original is None
    assert file.path.read_bytes() == content
    saved = other.save(f"{other.known}a = 1\n", base=other.known)
    assert saved.original.read_bytes() == content and file.path.read_text() == saved.text
    assert other.save("a = 2\n", base=saved.text).original is None


def test_a_file_that_was_deleted_comes_back(file, own, double):
    file.path.unlink()
    assert file.changed() is None
    file.save("a = 1\n", base=file.known)
    assert file.path.read_text() == "a = 1\n"
    file.path.unlink()
    assert AnswerFile(own, double).known == double.starter


def test_beginning_again_keeps_a_copy_and_is_no_change_from_elsewhere(file, own, double):
    file.save("a = 1\n", base=file.known)
    copy = file.reset(lambda: study.reset(own, double))
    assert copy.read_text() == "a = 1\n"
    assert file.known == file.path.read_text() == double.starter
    assert [file.changed() for _ in range(3)] == [None, None, None]
