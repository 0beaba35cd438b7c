"""A proven test runs again when anything that it depends on has changed."""

import proven
import pytest


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A repository with the folders `data` and `course` of torchbook, and a test."""
    source = tmp_path / "src" / "torchbook"
    for name in ("src/torchbook/run.py", "src/torchbook/data/load.py", "src/torchbook/course/a.py", "tests/test_a.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(proven, "ROOT", tmp_path)
    monkeypatch.setattr(proven, "SOURCE", source)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("src/torchbook/run.py", True),
        ("src/torchbook/data/new.py", True),
        ("src/torchbook/data/load.py", True),
        ("tests/test_a.py", True),
        ("src/torchbook/course/a.py", False),
    ],
)
@pytest.mark.parametrize("folders", [(), ("data",)])
def test_the_digest_is_of_all_it_depends_on(tree, file, changes, folders):
    def now():
        proven.digest.cache_clear()
        return proven.digest(proven.dependencies(tree / "tests" / "test_a.py", *folders))

    before = now()
    (tree / file).write_text("changed")
    assert (now() != before) == changes


def test_a_folder_that_is_not_there_is_refused(tree):
    with pytest.raises(pytest.UsageError, match="models, which is not there"):
        proven.dependencies(tree / "tests" / "test_a.py", "models")
