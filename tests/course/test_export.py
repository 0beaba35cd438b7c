"""Lessons for Jupyter, for a browser without a server and for a code host: what moves stands still, and it all runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from torchbook.course.export.parts import parts
from torchbook.course.export.played import in_order, play
from torchbook.course.texts.cell import Cell
from torchbook.course.texts.lesson import lesson_files, read_lesson

from torchbook.cli import main
from torchbook.course.export.command import write_lesson
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError

LESSON = r'''import marimo

app = marimo.App(app_title="Small")

with app.setup:
    import marimo as mo
    import matplotlib.pyplot as plt
    import torch

    from torchbook.course.notebook import exercise, live, quiz, text
    from torchbook.course.pictures.stepper import Plot, Recording, Stepper


@app.cell(hide_code=True)
def _():
    text(r"""
    # Small

    About 10 minutes. The [[loss]] is $\frac{1}{n}\sum_i (y_i - \hat y_i)^2$; see [next](/lessons/09#the-graph),
    [that](/lessons/11) and [[weight|weights]].

    $$w \leftarrow w - \eta \frac{\partial L}{\partial w}$$

    1. one of `two_x`
    2. *three* * 4 for a price of \$ 5

    | a | b |
    |---|---|
    | 1 | `x` |
    """)
    return


@app.cell(hide_code=True)
def _(total):
    text(f"""
    ## Before

    Computed below: {total:.2f}.
    """)
    return


@app.cell(hide_code=True)
def _():
    rate = mo.ui.slider(0, 1, 0.1, value=0.3, label="learning rate $\\eta$")
    kind = mo.ui.dropdown(["raw", "scaled"], value="raw", label="inputs")
    press = mo.ui.run_button(label="press me")
    mo.hstack([rate, kind, press])
    return kind, press, rate


@app.function
def counted(many):
    for number in range(many):
        yield {"number": number, "progress": (number + 1) / many}


@app.cell
def _(run):
    # Uses what is made below.
    total = float(sum(one["number"] for one in run.reports))  # shape ()
    print("hello from the cell")
    torch.full((2,), total)
    return (total,)


@app.cell
def _():
    run = live(counted, many=4)
    run
    return (run,)


@app.cell(hide_code=True)
def _(rate):
    _recording, _w = Recording(), 1.0
    for _ in range(5):
        _recording.add(loss=_w * _w, w=_w)
        _w = _w * (1 - 2 * rate.value)
    picture = mo.ui.anywidget(Stepper(_recording, Plot(marker=("w", "loss"), view=(-2.0, 2.0, -0.1, 1.1))))
    mo.vstack([picture, mo.md("**below** the picture"), mo.accordion({"more": "hidden"}), mo.callout("mind")])
    return (picture,)


@app.cell
def _():
    figure, axes = plt.subplots(figsize=(2, 1))
    axes.set_title("A figure")
    axes
    return


@app.cell(hide_code=True)
def _():
    mo.Html('<svg viewBox="0 0 10 10" aria-label="A drawn circle" onload="alert(1)"><circle r="3"/></svg>')
    return


@app.cell
def _():
    {"loss": torch.ones(2), "names": ["a", "b"]}
    return


@app.cell(hide_code=True)
def _():
    exercise("mean_squared_error")
    return


@app.cell(hide_code=True)
def _():
    quiz(8)
    return
'''

FORMATS = ("html", "md", "ipynb")
# What only marimo, a script or a server could make something of.
RAW = re.compile(
    r"<marimo|marimo-|\bdata-[a-z]|random-id|object-id|tabindex|/_files/|@file/|\bon(load|click)=", re.IGNORECASE
)


def exported(file, folder):
    """A lesson in all formats, run once."""
    lesson = read_lesson(file)
    page = list(parts(play(lesson)))
    for to in FORMATS:
        files = {lesson.number: f"{lesson.name}.{to}", 9: f"09_autograd.{to}"}
        write_lesson(lesson, page, files, folder, to=to)
    return {to: (folder / f"{lesson.name}.{to}").read_text(encoding="utf-8") for to in FORMATS}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("export")


@pytest.fixture(scope="module")
def small(folder):
    file = folder / "08_small.py"
    file.write_text(LESSON, encoding="utf-8")
    return exported(file, folder)


def shown(text, to):
    """What is to be seen of an exported lesson, without KaTeX's program and the code of the lesson."""
    if to == "ipynb":
        notebook = json.loads(text)
        cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
        pieces = [piece for one in outputs for piece in (one.get("text"), *one.get("data", {}).values()) if piece]
        return "\n".join("".join(piece) for piece in (*cells, *pieces))
    text = re.sub(r"(?s)<script>.*?</script>|<style>.*?</style>|```.*?```", "", text)
    return re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", text)


def cells_of(text, kind="code"):
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == kind]


@pytest.mark.parametrize("to", FORMATS)
def test_nothing_raw_is_left(small, to):
    assert not RAW.search(shown(small[to], to)), RAW.search(shown(small[to], to))


@pytest.mark.parametrize("to", FORMATS)
def test_what_was_computed_is_there(small, to):
    text = shown(small[to], to)
    assert "Computed below: 6.00." in text  # also where the text stands before the code
    plain = re.sub(r"<[^>]+>|\*", "", text)
    assert "0.3" in plain and "raw" in plain and "press me" not in plain
    assert all(words in small[to] for words in ("hello from the cell", "tensor([6., 6.])", "below", "hidden", "mind"))


@pytest.mark.parametrize("to", ("html", "md"))
def test_a_page_keeps_the_order_of_the_lesson(small, to):
    text = re.sub(r"</?span[^>]*>", "", small[to])
    order = ("Small", "import marimo", "Before", "Uses what is made", "run = live", "A figure")
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.parametrize("to", FORMATS)
def test_exercises_say_how_they_are_checked(small, to):
    text = small[to]
    assert "How wrong is a prediction?" in text and "torchbook check mean_squared_error" in text
    assert "mean_squared_error" in text and "raise" in text and "NotImplementedError" in text
    assert "[[" not in re.sub(r"(?s)<script>.*?</script>", "", shown(text, to))


@pytest.mark.parametrize("to", FORMATS)
def test_a_quiz_folds_its_answers(small, to):
    questions = read_quiz(quizzes()[8]).questions
    text = shown(small[to], to)
    assert text.count("<details>") == text.count("<summary>Answer</summary>") == len(questions)
    assert questions[0].why.split(",")[0] in text.replace("\n", " ")


@pytest.mark.parametrize("to", FORMATS)
def test_links_lead_to_what_lies_there(small, to):
    text = shown(small[to], to)
    assert f"09_autograd.{to}#the-graph" in text and "/lessons/" not in text and "that" in text


def test_the_page_needs_nothing_else(small):
    page = small["html"]
    text = re.sub(r"(?s)<script>.*?</script>", "", page)
    assert not re.search(r"""(src|href)=["'](?!data:|#|09_|index)[^"']""", text)
    assert "@import" not in text and not re.search(r"url\((?!data:)", text)
    for image in re.findall(r"<img[^>]*>", text):
        assert re.search(r'alt="[^"]+"', image) and 'src="data:image/' in image
    assert re.search(r'<abbr title="loss: One number[^"]*">loss</abbr>', text) and ">weights</abbr>" in text
    # Readable before a script has run, and without one.
    assert "<mtext>w ← w - η ∂L/∂w</mtext>" in text
    assert "KATEX" in page and "KaTeX_Math" in page


def test_pictures_of_markdown_are_files_beside_it(small, folder):
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", small["md"])
    assert [alternative[:12] for alternative, _ in pictures] == ["loss 1 at st", "A figure", "A drawn circ"]
    for _, address in pictures:
        content = (folder / address).read_bytes()
        assert content.startswith(b"\x89PNG" if address.endswith("png") else b"<svg")
        assert b"alert" not in content and b"var(--tb-none" not in content
    drawing = (folder / pictures[0][1]).read_text()
    assert (
        "--tb-paper" in drawing
        and "prefers-color-scheme" in drawing
        and 'xmlns="http://www.w3.org/2000/svg"' in drawing
    )


def test_markdown_as_a_code_host_reads_it(small):
    text = small["md"]
    assert text.startswith("# Small\n")
    assert r"The loss is $\frac{1}{n}\sum_i (y_i - \hat y_i)^2$;" in text and "and weights." in text
    assert "\n$$\nw \\leftarrow w - \\eta \\frac{\\partial L}{\\partial w}\n$$\n" in text
    assert "\n1. one of `two_x`\n2. *three* \\* 4 for a price of \\$ 5\n" in text
    assert "\n| a | b |\n| --- | --- |\n| 1 | `x` |\n" in text
    assert "```text\n{'loss': tensor([1., 1.]), 'names': ['a', 'b']}\n```" in text
    assert "```python\nrun = live(counted, many=4)\nrun\n```" in text


def test_a_notebook_is_as_nbformat_has_it(small):
    notebook = json.loads(small["ipynb"])
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", one) for one in ids)
    for cell in notebook["cells"]:
        kinds = {"code": {"execution_count", "outputs"}, "markdown": set()}[cell["cell_type"]]
        assert set(cell) == {"cell_type", "id", "metadata", "source"} | kinds
        for output in cell.get("outputs", ()):
            keys = {"stream": {"name", "text"}, "display_data": {"data", "metadata"}}[output["output_type"]]
            assert set(output) == {"output_type"} | keys
            assert output.get("text", True) and output.get("data", {"text/plain": 1})["text/plain"]
    try:
        import nbformat
    except ImportError:
        return
    nbformat.validate(nbformat.reads(small["ipynb"], as_version=4))


def test_a_notebook_begins_with_what_it_needs_and_has_each_code_cell_once(small):
    first, *code = cells_of(small["ipynb"])
    assert "torchbook" in first and "prepare()" in first
    text = "\n".join(code)
    assert all(text.count(line) == 1 for line in ("rate = mo.ui.slider", "def counted", "total = float", "run = live("))
    assert text.index("run = live(") < text.index("total = float")  # made before it is used
    assert "%%answer mean_squared_error\ndef mean_squared_error" in text and "quiz(8)" not in text
    kinds = [
        set(output["data"])
        for cell in json.loads(small["ipynb"])["cells"]
        for output in cell.get("outputs", ())
        if "data" in output
    ]
    assert {"image/png", "text/plain"} in kinds and {"text/plain"} in kinds
    assert {"image/svg+xml", "text/html", "text/plain"} in kinds


RUN = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
for source in json.loads(sys.stdin.read()):
    shell.run_cell(source, silent=False).raise_error()
bundle, _ = shell.display_formatter.format(shell.user_ns["picture"]) if "picture" in shell.user_ns else ({}, {})
print("shown", sorted(bundle))
print("total", shell.user_ns.get("total"))
"""


def run_in_ipython(text, folder):
    """Runs the code cells of a notebook in order, in an IPython of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", RUN],
        input=json.dumps(cells_of(text)),
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=200,
    )


@pytest.mark.slow
def test_a_notebook_runs_in_plain_jupyter(small, tmp_path):
    ended = run_in_ipython(small["ipynb"], tmp_path)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert "total 6.0" in ended.stdout
    assert "application/vnd.jupyter.widget-view+json" in ended.stdout  # there the picture can be touched
    assert "not attempted yet" in ended.stdout  # what the cell %%answer said


def test_code_cells_need_no_ipython_but_for_the_answers(small):
    names = {"__name__": "__main__"}
    for source in cells_of(small["ipynb"]):
        if not source.startswith("%%answer"):
            exec(compile(source, "<cell>", "exec"), names)
    assert names["total"] == 6.0 and names["picture"].widget.runs


def test_an_answer_in_a_notebook_is_checked_and_never_lost(own_home, tmp_path, capsys):
    from torchbook.course.export.answer_cell import _answered
    from torchbook.course.export.questions import exercise_named
    from torchbook.course.learner import workspace

    asked = exercise_named("mean_squared_error")
    _answered("mean_squared_error", asked.solution)
    assert "passed" in capsys.readouterr().out
    _answered("mean_squared_error", asked.starter)
    assert "is left as it is" in " ".join(capsys.readouterr().out.split())
    found = (workspace.find() or workspace.Workspace(workspace.usual_folder())).answer(asked)
    assert found.read_text(encoding="utf-8") == asked.solution
    _answered("mean_squarred", "x = 1")
    assert "there is none of that name" in capsys.readouterr().out


def test_pictures_in_rows_are_a_table_in_markdown():
    from torchbook.course.export.as_markdown import markdown
    from torchbook.course.texts.markup import parsed

    figures = "".join(
        f'<figure><img alt="a {n}" src="data:x" width="60"><figcaption>{n}\nof 12</figcaption></figure>'
        for n in range(12)
    )
    rows = markdown(parsed(f"<div>{figures}</div>"), place=lambda picture: "p.png").splitlines()
    assert [row.count("|") for row in rows if row] == [11, 11, 11, 3, 3, 3]
    assert rows[0].startswith('| <img src="p.png" alt="a 0" width="60"> |') and rows[2].startswith("| 0<br>of 12 |")


def test_html_that_is_not_well_formed_is_read_all_the_same():
    from torchbook.course.texts.markup import harmless, parsed, written

    source = (
        '<p>one<p>two<ul><li>a<li>b</ul><svg viewBox="0 0 1 1"><svg onclick="x"/><g><svg></svg></g></svg><br>x & <b>y'
    )
    text = written(harmless(parsed(source)))
    assert text.count("<p>") == text.count("</p>") == 2 and text.count("<li>") == text.count("</li>") == 2
    assert (
        "onclick" not in text and 'viewBox="0 0 1 1"' in text and text.count("<svg") == 3 and "x &amp; <b>y</b>" in text
    )
    bad = '<a href="javascript:x" onclick="y" data-z="1">t</a><script>alert(1)</script><iframe src="z"></iframe>'
    assert written(harmless(parsed(bad))) == "<a>t</a>"


def test_a_cell_that_fails_is_named(tmp_path):
    file = tmp_path / "08_broken.py"
    file.write_text("import marimo\napp = marimo.App()\n\n@app.cell\ndef _():\n    x = 1 / 0\n    return\n")
    with pytest.raises(TorchbookError, match=r"08_broken.py, the cell at line 6: ZeroDivisionError"):
        play(read_lesson(file))


def test_cells_run_after_those_that_make_what_they_need():
    a, b, c, d = (Cell("code", source, line) for line, source in enumerate(("x = y", "y = z + w", "z = 1", "w = 2")))
    assert in_order([a, b, c, d]) == [c, d, b, a]
    assert in_order([a, b, c, d], free=[a]) == [a, c, d, b]
    circle = [Cell("code", "p = q", 1), Cell("code", "q = p", 2)]
    assert sorted(one.source for one in in_order(circle)) == ["p = q", "q = p"]


def test_the_command_lists_and_exports(tmp_path, capsys, monkeypatch):
    from torchbook.course.export import command

    file = tmp_path / "08_gradient_descent.py"
    file.write_text(LESSON, encoding="utf-8")
    other = tmp_path / "09_autograd.py"
    other.write_text(LESSON.replace("quiz(8)", "quiz(9)"), encoding="utf-8")
    monkeypatch.setattr(command, "lesson_files", lambda: {8: file, 9: other})
    monkeypatch.setattr(command, "documents", dict)
    monkeypatch.setattr(command, "projects", dict)
    assert main(["lessons", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    rows = said["lessons"]
    assert {"row": 5, "lessons": [0, 22]}.items() <= next(row for row in said["open"] if row["row"] == 5).items()
    assert not any(row["row"] == 29 for row in said["open"])
    assert len(rows) == 33 and [row["number"] for row in rows if row["written"]] == [8, 9]
    assert rows[8]["minutes"] == 10 and rows[11]["minutes"] is None
    assert main(["lessons"]) == 0
    assert re.search(r"11 +Optimizers +not yet", capsys.readouterr().out)
    out = tmp_path / "out"
    assert main(["lessons", "export", "--to", "html", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["08_gradient_descent.html", "09_autograd.html", "index.html"]
    assert 'href="08_gradient_descent.html"' in (out / "index.html").read_text()
    assert main(["lessons", "export", "--to", "md", str(out), "--only", "08"]) == 0
    assert (out / "08_gradient_descent.md").exists() and not (out / "09_autograd.md").exists()
    capsys.readouterr()
    assert main(["lessons", "export", "--to", "md", str(out), "--only", "11"]) == 2
    assert "lesson 11 is not written yet; written are 08, 09" in capsys.readouterr().err
    assert main(["lessons", "exprot"]) == 2
    assert "did you mean 'export'" in capsys.readouterr().err


@pytest.mark.browser
def test_the_page_in_a_browser(small, page):
    page.set_content(small["html"])
    page.wait_for_selector(".katex")
    assert page.locator("math.tb-formula").count() == 0 and page.locator(".katex-error").count() == 0
    for image in page.locator("img").all():
        assert image.evaluate("one => one.complete && one.naturalWidth > 9")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    answer = page.locator("details").first
    assert not answer.locator("p").first.is_visible()
    answer.locator("summary").press("Enter")
    assert answer.locator("p").first.is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in lesson_files().values()])
def test_a_written_lesson(file, tmp_path):
    texts = exported(file, tmp_path)
    for to, text in texts.items():
        found = RAW.search(shown(text, to))
        assert not found, f"{to}: {shown(text, to)[max(0, found.start() - 200) : found.end() + 200]}"
        assert "[[" not in re.sub(r"`[^`]*`|\[\[[-\d\s.]", "", shown(text, to))
    assert not re.search(r"!\[\s*\]", texts["md"])
    # A line that begins with a computed number and a full stop becomes a list by mistake.
    assert not re.search(r'<ol start="(\d{3,}|1[3-9]|[2-9]\d)', texts["html"]), "a list begins with a large number"
    assert all(re.search(r'alt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", texts["html"]))
    ended = run_in_ipython(texts["ipynb"], tmp_path)
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    assert Path(tmp_path / f"{file.stem}.md").stat().st_size < 200_000
