"""What is done before a lesson is opened."""

import ast
import gc
import json
import re
import sys
import threading
import time

from torchbook.course.lesson import lesson_files, read_lesson
from torchbook.course.site import codes, loading


def test_what_a_lesson_imports():
    source = "import a.b as c, d\nfrom e.f import g\ndef h():\n    from i import j\nfrom . import k\n"
    assert list(loading.imported(ast.parse(source))) == ["a.b", "d", "e.f", "i"]


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


def test_threads_that_parse_while_memory_is_tidied_do_not_disturb_each_other():
    from marimo._ast.compiler import module_compile

    loading.parse_in_turn()
    source = lesson_files()[8].read_text()
    failed = []

    def parse(way):
        for _ in range(30):
            try:
                way(source)
            except SystemError as error:
                failed.append(error)

    def tidied(phase, info):
        return sum(range(100))

    gc.callbacks.append(tidied)
    try:
        threads = [threading.Thread(target=parse, args=(way,)) for way in (ast.parse, module_compile) * 2]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        gc.callbacks.remove(tidied)
    assert not failed


def test_what_is_done_ahead_waits_for_a_reader(tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "ALONE", 0.2)
    lesson = tmp_path / "01_one.py"
    lesson.write_text("import json\n")
    done = []
    loading.prepare(lesson)
    until = loading._alone_until
    loading.in_turn([lambda: done.append(time.monotonic()), lambda: 1 / 0, lambda: done.append("the next")])
    assert done[0] >= until and done[1:] == ["the next"]


def test_what_several_lessons_need_comes_first(tmp_path):
    sources = ("import torch, math\n", "import json\nimport torch\n", "import (")
    files = [tmp_path / f"{place}.py" for place in range(3)]
    for file, source in zip(files, sources):
        file.write_text(source)
    assert loading.wanted(files) == (["torch"], ["math", "json"])
