"""The piece to copy of the guide to pictures is a picture."""

import re
import shutil

from torchbook.course.pictures import picture

GUIDE = picture.FOLDER / "AUTHORING.md"


def test_the_piece_to_copy_works(tmp_path, monkeypatch):
    pieces = dict(
        re.findall(r"```(python|javascript)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)[::-1]
    )
    for file in picture.FOLDER.glob("*.*s*"):
        if file.suffix in (".js", ".css"):
            shutil.copy(file, tmp_path)
    (tmp_path / "knob.js").write_text(pieces["javascript"])
    monkeypatch.setattr(picture, "FOLDER", tmp_path)
    names = {"__name__": "knob"}
    exec(pieces["python"], names)
    knob = names["Knob"](90)
    assert knob.turns == 0.25 and "90 degrees" in knob.alternative and "<circle" in knob.still()
    knob.set_state({"degrees": 180.0})
    assert knob.turns == 0.5 and "180 degrees" in knob.alternative
    assert "function axes(" in knob._esm and knob._esm.rstrip().endswith("export default { render };")


def test_every_part_that_the_guide_names_is_there():
    text = GUIDE.read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+\.(?:js|css|py))`", text):
        assert name.startswith("knob") or (picture.FOLDER / name).is_file(), name
    everything = "".join(file.read_text(encoding="utf-8") for file in picture.FOLDER.glob("*.js"))
    for name in ("element", "drawn", "framed", "inAddress", "brief", "axes", "lineThrough", "movable", "roving"):
        assert f"function {name}(" in everything and f"`{name}" in text
