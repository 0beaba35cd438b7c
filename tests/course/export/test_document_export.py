"""Documents for Jupyter, marimo, a browser without a server and a code host, all of one stored state."""

import ast
import base64
import json
import os
import re
import subprocess
import sys

import pytest

from torchbook.cli import main
from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.export import command
from torchbook.course.export.document_marimo import written_as_marimo
from torchbook.course.export.document_text import computed
from torchbook.course.export.marimo_text import written
from torchbook.course.runtime.snapshot import text_of
from torchbook.course.texts.document import documents, parsed, read_document
from torchbook.errors import TorchbookError

DOCUMENT = '''---
title: Small
line: With a [[loss]].
---

::: slider rate, 0.0, 1.0, step=0.5, value=0.5, label="rate $\\eta$"

::: choice layer, {{ ["a", "b"] }}

::: button draws, label="again"

With {{ rate }} and $x = {{ -2 * rate }}$; see [nine](/lessons/09#top), [a word](/glossary/loss) and [[weight|weights]].

```python
import torch

torch.manual_seed(0)
text = """two
lines"""
print(text)
2 * rate
```

```python raises trouble
{}["a"]
```

```python hidden
class Table:
    def _repr_html_(self):
        return f"<table><tr><th>n</th></tr><tr><td>{draws}</td></tr></table>"


table = Table()
```

```python
table
```

```python stage
import matplotlib.pyplot as plt

figure, axes = plt.subplots(figsize=(2, 1))
axes.set_title("a line")
figure
```

::: diagram Round and round
forward | it guesses → loss → backward → forward
:::

::: guess
How much?

- [x] one → It is {{ 2 * rate }}.
- [ ] two → No.

Seen later.
:::

::: guess
How far?

= {{ 40 * rate:.1f }} $m$, from 0 to 100

Seen after a number.
:::

::: guess
How does it fall?

~ {{ [5, 2, rate] }}, step from 0 to 2, loss from 0 to 5
:::

::: exercise slopes_by_autograd

::: deeper More of it
Below {{ layer }}.
:::

## Quiz

::: quiz 9
'''


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A document of everything, with its stored state."""
    file = tmp_path_factory.mktemp("documents") / "07_small.md"
    file.write_text(DOCUMENT)
    document = read_document(file)
    file.with_suffix(".json").write_text(text_of(fresh_state(document)))
    return document


@pytest.fixture
def exported(small, tmp_path):
    """Exports the small document: `exported("md")` is its text."""

    def export(to):
        (file,) = command.export_documents([small], tmp_path, to=to)
        return file.read_text(encoding="utf-8")

    return export


def test_markdown_has_the_numbers_and_its_drawings_as_files(exported, tmp_path):
    text = exported("md")
    assert "With 0.5 and $x = {-1}$; see nine, a word and weights." in text
    assert text.startswith("# 07 Small\n\n*With a loss.*") and "::: " not in text and "{{" not in text
    assert "print(text)\n2 * rate\n```\n\n```text\ntwo\nlines\n```\n\n```text\n1.0\n```" in text
    assert "```text\nKeyError: 'a'\n```" in text and "| n |\n| --- |\n| 0 |" in text and "class Table" not in text
    assert "![a line](07_small/01.svg)" in text and "![Round and round. forward leads to loss." in text
    assert (tmp_path / "07_small" / "02.svg").read_text().startswith("<svg") and "- ✓ *one* It is 1." in text
    assert (
        "**Guess first.** How far?\n\n<details>\n<summary>The answer</summary>\n\nIt is **20.0 $m$**.\n\nSeen af"
        in text
    )
    assert "*Draw it on paper: step from 0 to 2, loss from 0 to 5.*\n\n<details>" in text
    assert "</summary>\n\n![loss against step: from 5 at 0 to 0.5 at 2.](07_small/03.svg)\n\n</details>" in text
    assert "step" in (tmp_path / "07_small" / "03.svg").read_text()
    assert "torchbook check slopes_by_autograd" in text and "<summary>More of it</summary>\n\nBelow a." in text


def test_html_is_one_file_that_loads_nothing_and_has_no_script(exported):
    page = exported("html")
    assert "<script" not in page and "<link" not in page and "data-scripts" not in page
    outside = re.findall(r'(?:src|href)="(?!#|data:)([^"]*)"|url\((?!data:|#)([^)]*)\)', page)
    assert not outside and page.count("@font-face") == 5
    assert "With 0.5 and" in page and "<math" in page and 'class="diagram"' in page and "<td>0</td>" in page
    assert page.count('<details class="reveal">') == 2 and "It is <strong>20.0 <math" in page
    assert 'aria-label="loss against step: from 5 at 0 to 0.5 at 2."' in page and "<form" not in page
    assert page.count('class="reason') == 2 and "Seen later." in page and "torchbook quiz 09" in page


def test_the_notebook_runs_as_it_is_and_shows_what_the_document_showed(exported, monkeypatch):
    notebook = json.loads(exported("ipynb"))
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert "rate = 0.5  # rate $\\eta$: from 0 to 1" in sources
    assert sources[-1].startswith("%%answer slopes_by_autograd")
    names = {}
    monkeypatch.setenv("MPLBACKEND", "agg")
    for source in sources:
        if not source.startswith("%%"):
            exec(compile(source, "cell", "exec"), names)
    assert names["layer"] == "a" and isinstance(names["trouble"], KeyError) and names["draws"] == 0
    guesses = ["".join(cell["source"]) for cell in notebook["cells"] if "Guess first" in "".join(cell["source"])]
    assert ["<details>" in guess and "{{" not in guess for guess in guesses] == [True] * 3
    data = re.search(r'<img alt="loss against step: [^"]*" src="data:image/svg\+xml;base64,([^"]+)">', guesses[2])[1]
    assert base64.b64decode(data).startswith(b"<svg")
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert kinds == {"text/plain", "text/html", "image/svg+xml"}
    assert ["two\n", "lines\n"] in [output.get("text") for output in outputs]


def test_marimo_opens_and_runs_it(exported, tmp_path):
    text = exported("marimo")
    ast.parse(text)
    ending = """
    outputs, names = app.run()
    assert (names["rate"], names["layer"], names["draws"]) == (0.5, "a", 0) and names["text"] == "two\\nlines"
    shown = " ".join(output.text for output in outputs if isinstance(getattr(output, "text", None), str))
    assert "With 0.5 and" in shown and "-1" in shown and 1.0 in outputs
    assert "20.0" in shown and "data:image/svg+xml;base64," in shown
"""
    (tmp_path / "07_small.py").write_text(text.replace("    app.run()\n", ending))
    environment = os.environ | {"MPLBACKEND": "agg"}
    ran = subprocess.run([sys.executable, tmp_path / "07_small.py"], capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr


def test_marimo_refuses_names_that_it_keeps_to_one_cell(small):
    changed = parsed(DOCUMENT.replace("text = ", "_text = ").replace("print(text)", "print(_text)"), small.file)
    state = computed(small, {})
    with pytest.raises(TorchbookError, match=r"07_small.md:14: '_text' cannot be a name in marimo"):
        written_as_marimo(type(state)(changed, state.fragments, {}))


def test_a_value_is_written_in_marimo_as_on_the_page():
    assert written("{{ a }} and $b = {{ b }}$ {{ c:.1f }}", 1 / 3, -2, 0.25) == "0.3333 and $b = {-2}$ 0.2"


def test_links_lead_to_the_files_beside_it(small):
    state = computed(small, {"09": "09_autograd.md"})
    assert (
        state.words("[nine](/lessons/09#top) `[no](/x)` [p](/projects/P1)") == "[nine](09_autograd.md#top) `[no](/x)` p"
    )


def test_a_document_without_its_state_is_not_exported(small, tmp_path):
    file = tmp_path / "07_small.md"
    file.write_text(DOCUMENT)
    with pytest.raises(TorchbookError, match="run: torchbook author freeze 07"):
        computed(read_document(file), {})


WRITTEN = [f"{number:02}" for number in documents()]


@pytest.mark.parametrize("to", ["md", "html", "ipynb", "marimo"])
@pytest.mark.parametrize("labels", [WRITTEN[:1], pytest.param(WRITTEN, marks=pytest.mark.slow)], ids=["one", "all"])
def test_the_command_writes_documents(labels, to, tmp_path, capsys):
    assert main(["lessons", "export", str(tmp_path / "out"), "--to", to, "--only", *labels]) == 0
    files = capsys.readouterr().out.split()
    assert len(files) == len(labels) and all(text.startswith(str(tmp_path)) for text in files)
    assert main(["lessons", "export", str(tmp_path / "out"), "--to", to, "--only", "77"]) == 2
    assert "lesson 77 is not written yet; written are 00" in capsys.readouterr().err
