"""What is done before a lesson is opened."""

import json
import re
import sys

from torchbook.course.lesson import lesson_files, read_lesson
from torchbook.course.site import codes, loading


def test_what_a_lesson_imports():
    source = "import a.b as c, d\nfrom e.f import g\ndef h():\n    from i import j\nfrom . import k\n"
    assert list(loading.imported(source)) == ["a.b", "d", "e.f", "i"]


def test_a_lesson_is_loaded_and_a_broken_one_does_no_harm(tmp_path, monkeypatch):
    module = tmp_path / "only_in_this_test.py"
    module.write_text("value = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    lesson = tmp_path / "01_one.py"
    lesson.write_text("import only_in_this_test\nimport nowhere_at_all\n")
    loading.prepare(lesson)
    assert sys.modules.pop("only_in_this_test").value == 1
    lesson.write_text("import (")
    loading.prepare(lesson)


def test_a_parsed_notebook_is_remembered_by_its_content():
    from marimo._ast import parse

    loading.remember_parsed()
    contents = lesson_files()[8].read_text().strip()
    one, other = parse.parse_notebook(contents, "one.py"), parse.parse_notebook(contents, "other.py")
    assert one.cells is other.cells and (one.filename, other.filename) == ("one.py", "other.py")
    assert len(parse.parse_notebook(contents.replace("@app.cell\n", "@app.cell(hide_code=True)\n")).cells) == len(
        one.cells
    )


def test_the_code_of_a_page_is_what_the_lesson_shows():
    for file in lesson_files().values():
        element = codes.element(file.read_text())
        assert element.count("<") == 2
        written = json.loads(re.fullmatch(r"<script[^>]*>(.*)</script>", element, re.DOTALL)[1])
        shown = [cell for cell in read_lesson(file).cells if not cell.hidden]
        assert len(written) == len(shown)
        for html, cell in zip(written.values(), shown):
            first = re.sub(r"<[^>]+>", "", html).strip().splitlines()[0]
            assert first[:10] == cell.source.strip().splitlines()[0].replace("&", "&amp;")[:10]
