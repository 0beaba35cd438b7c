"""The command `torchbook lessons`: it lists, and writes what is asked for."""

import json
import re

from torchbook.cli import main
from torchbook.course.texts.document import documents


def test_the_command_lists_and_exports(tmp_path, capsys):
    assert main(["lessons", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    rows = listed["lessons"]
    assert len(rows) == 33 and [row["number"] for row in rows if row["written"]] == list(documents())
    assert rows[8]["minutes"] > 10 and all(row["minutes"] is None for row in rows if not row["written"])
    assert {"row": 29, "lessons": [8]}.items() not in listed["open"]
    assert all(set(row["lessons"]).isdisjoint(documents()) for row in listed["open"])
    assert main(["lessons"]) == 0
    later = [row for row in rows if not row["written"]]
    listed = capsys.readouterr().out
    assert all(re.search(rf"{row['number']} +{re.escape(row['title'])} +not yet", listed) for row in later)
    out = tmp_path / "out"
    assert main(["lessons", "export", "--to", "md", str(out), "--only", "08", "p1", "8"]) == 0
    assert {file.name for file in out.glob("*.md")} == {"08_gradient_descent.md", "P1_engine.md"}
    capsys.readouterr()
    if later:
        number = later[-1]["number"]
        assert main(["lessons", "export", "--to", "md", str(out), "--only", str(number)]) == 2
        assert f"lesson {number} is not written yet; written are 00" in capsys.readouterr().err
    assert main(["lessons", "export", "--to", "md", "--only", "01", "the notes"]) == 2
    assert "write: torchbook lessons export 'the notes' --to md --only 01" in capsys.readouterr().err
    assert main(["lessons", "exprot"]) == 2
    assert "did you mean 'export'" in capsys.readouterr().err
