"""What lies in the home, and what `torchbook doctor --clean` frees."""

from torchbook.home_contents import cleaned, contents


def test_what_is_made_again_is_freed_and_nothing_else(tmp_path, monkeypatch):
    own_home = tmp_path / "home"
    monkeypatch.setenv("TORCHBOOK_HOME", str(own_home))
    for name in ("packs", "cards", "runs", "workspace", "downloads", "somebody-elses"):
        (own_home / name / "inside").mkdir(parents=True)
        (own_home / name / "inside" / "file").write_bytes(bytes(1000))
    (own_home / "machine.json").write_text("{}")
    answer = cleaned().data
    assert answer["freed_bytes"] == 2000
    left = {path.name for path in own_home.iterdir()}
    assert left >= {"runs", "workspace", "downloads", "somebody-elses", "machine.json"}
    assert not left & {"packs", "cards"}
    assert {row["name"] for row in answer["contents"] if row["freed"]} == {"packs", "cards"}


def test_a_link_is_not_followed(own_home, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").write_text("mine")
    own_home.mkdir(exist_ok=True)
    (own_home / "packs").symlink_to(tmp_path / "elsewhere")
    cleaned()
    assert (tmp_path / "elsewhere" / "mine").is_file() and not (own_home / "packs").is_symlink()


def test_an_empty_home(own_home, monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path / "none"))
    assert contents() == [] and cleaned().data["freed_bytes"] == 0
