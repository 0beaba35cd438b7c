"""What is done before a lesson is opened."""

import ast
import gc
import json
import os
import re
import sys
import threading
import time

from torchbook.course.site import highlight, loading
from torchbook.course.texts.lesson import lesson_files, read_lesson


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
    lesson.unlink()
    loading.prepare(lesson)


def test_a_parsed_notebook_is_remembered_by_its_content():
    from marimo._ast import parse

    loading.remember()
    contents = lesson_files()[8].read_text().strip()
    one, other = parse.parse_notebook(contents, "one.py"), parse.parse_notebook(contents, "other.py")
    assert one.cells is other.cells and (one.filename, other.filename) == ("one.py", "other.py")
    assert len(parse.parse_notebook(contents.replace("@app.cell\n", "@app.cell(hide_code=True)\n")).cells) == len(
        one.cells
    )


def test_a_compiled_cell_is_remembered_and_each_session_has_its_own_state(tmp_path):
    from marimo._ast import compiler, load
    from marimo._runtime import runtime

    loading.remember()
    file = tmp_path / "01_one.py"
    file.write_text("import marimo\napp = marimo.App()\n@app.cell\ndef _():\n    value = 1\n    value + 1\n")

    def cells():
        return [cell._cell for _, cell in load.load_app(str(file))._cell_manager.valid_cells()]

    one, other = cells(), cells()
    assert one[0].body is other[0].body and eval(one[0].body) is None and one[0].defs == {"value"}
    one[0].set_run_result_status("exception")
    one[0].configure({"disabled": True})
    assert other[0].run_result_status is None and cells()[0].run_result_status is None
    assert not cells()[0].config.disabled

    # In a kernel an error names the lesson's line, so a cell that has moved is compiled anew.
    def compiled():
        return runtime.compile_cell(one[0].code, one[0].cell_id, carried_imports=[], filename=str(file))

    before = compiled()
    assert before.body is compiled().body and before.body.co_filename == str(file)
    file.write_text("# One more line.\n" + file.read_text())
    os.utime(file, ns=(0, 1))
    compiler._build_source_position_map.cache_clear()  # as a kernel does
    assert compiled().body.co_firstlineno == before.body.co_firstlineno
    assert list(compiled().body.co_lines())[-1][2] == list(before.body.co_lines())[-1][2] + 1


def test_the_cells_of_a_lesson_are_compiled_before_a_reader_needs_them(monkeypatch):
    from marimo._ast import compiler, load

    loading.remember()
    loading.prepare(lesson_files()[0])
    compiled = []
    monkeypatch.setattr(compiler, "ast_compile", lambda *args, **named: compiled.append(args))
    for _, cell in load.load_app(str(lesson_files()[0]))._cell_manager.valid_cells():
        compiler.compile_cell(cell._cell.code, cell._cell.cell_id, filename=str(lesson_files()[0]))
    assert compiled == []


def test_the_code_of_a_page_is_what_the_lesson_shows():
    for file in lesson_files().values():
        element = highlight.element(file.read_text())
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
