"""The page of a document: all of it is there without a script, and nothing on it comes from elsewhere."""

import html
import re

import pytest

from torchbook.course.authoring.freeze import fresh_state
from torchbook.course.grading.exercise import exercises
from torchbook.course.pictures.stepper import Stepper
from torchbook.course.runtime import snapshot
from torchbook.course.runtime.fragment import Fragment
from torchbook.course.site import lesson_status, picture_files, typefaces
from torchbook.course.site.document_article import Article
from torchbook.course.site.document_page import read_stored, whole
from torchbook.course.site.document_prose import inline, prose
from torchbook.course.site.mathml import mathml
from torchbook.course.texts import document as document_module
from torchbook.course.texts.document import documents, parsed, read_document
from torchbook.course.texts.document_parts import Cell, Heading, Prose
from torchbook.course.texts.glossary import read_glossary
from torchbook.course.texts.reading_time import minutes
from torchbook.errors import TorchbookError


@pytest.fixture(scope="module", params=documents(), ids=lambda number: f"{number:02}")
def document(request):
    """Each document of the course."""
    return read_document(documents()[request.param])


@pytest.fixture(scope="module")
def pages():
    """The answers of the site that are there already, by their addresses."""
    return {}


@pytest.fixture
def page(looked_at, document, pages):
    """The answer of the site for its page."""
    if document.address not in pages:
        pages[document.address] = looked_at.get(document.address)
    return pages[document.address]


def text_of(body):
    """The text of a page as a reader without scripts has it."""
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", body)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


def without_code(body):
    """A page without its code and what that prints, which may look like anything."""
    return re.sub(r"(?s)<(pre|code)\b.*?</\1>", "", body)


def test_all_of_the_text_is_there_without_a_script(page, document):
    assert page.status_code == 200
    text = text_of(page.text)
    assert document.front.title in text and document.front.line in text
    assert " 0 more" not in text and ("project P3" in text) == (document.number == 16)
    for part in document.flat:
        if isinstance(part, Heading):
            assert f'id="{part.id}"' in page.text
        elif isinstance(part, Cell) and part.kind != "hidden":
            assert " ".join(part.source.split()) in text
    words = text_of(without_code(page.text))
    assert not [mark for mark in ("{{", "[[", "$", "\ue010", ":::") if mark in words]
    if document.number == 9:
        assert "tensor(2.)" in text and "203,540 times" in text and "RuntimeError: element 0 of tensors" in text
    assert (
        "<math" in page.text or "$" not in document.file.read_text(encoding="utf-8")
    ) and 'class="tex"' not in page.text


def test_it_says_nothing_that_a_strict_browser_refuses(page):
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page.text) and "<style" not in page.text
    for attributes in re.findall(r"<script\b([^>]*)>", page.text):
        assert 'src="/' in attributes or 'type="application/json"' in attributes


def test_it_asks_nobody_else_and_all_that_it_asks_for_is_there(page, looked_at):
    # Pixels of a drawing stand in it: an address of their own would ask for a file in each figure.
    body = re.sub(r'(<image\b[^>]*?)\s(?:xlink:)?href="data:image/png;base64,[\w+/=\s]+"', r"\1", page.text)
    addresses = re.findall(r'(?:src|href|data-scripts)="([^"]+)"', body)
    assert addresses and not [each for each in addresses if not re.match(r"/(?!/)|#", each)]
    files = [each for each in addresses if each.startswith("/static/")]
    faces = re.findall(r'url\("([^"]+)"\)', looked_at.get(next(each for each in files if "faces.css" in each)).text)
    assert len(faces) == 5
    for address in map(html.unescape, [*files, *faces]):
        answer = looked_at.get(address)
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"], address
    kinds = [each for each in set(files) if re.search(r"\.(js|css)\?", each)]
    assert sum(len(looked_at.get(html.unescape(each)).content) for each in kinds) < 300_000


def test_an_anchor_for_every_link_within_the_page(page):
    ids = re.findall(r'\sid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page.text)) <= set(ids)


def test_the_shown_code_is_the_readers(document):
    for part in document.flat:
        if isinstance(part, Cell) and part.kind == "shown":
            assert not re.search(
                r"\bexercise\(|\bquiz\(|\.value\b|Tape\(|Recording\(|\blive\(|(?<!\w)_(?!_\w+__\b)\w", part.source
            )


@pytest.mark.parametrize(
    "address", ["/lessons/98", "/lessons/nine/", "/static/faces/comic.woff", "/static/pictures/..%2fx.js"]
)
def test_what_is_not_there(looked_at, address):
    assert looked_at.get(address).status_code == 404


def test_a_document_that_has_changed_says_so(client, tmp_path):
    file = tmp_path / "07_small.md"
    file.write_text("---\ntitle: T\nline: L\n---\n\none\n")
    from torchbook.course.learner.workspace import make
    from torchbook.course.site.app import build

    with type(client)(
        build(make(tmp_path / "w")[0], port=8008, lessons=tmp_path), base_url="http://127.0.0.1:8008"
    ) as other:
        assert "torchbook author freeze 07" in other.get("/lessons/07-small/").text


def article(body, fragments=None, **options):
    made = parsed(f"---\ntitle: T\nline: L\n---\n{body}", documents()[9].with_name("07_made.md"))
    return Article(made, fragments or {}, exercises={one.name: one for one in exercises()}, **options)


def test_code_and_output_are_in_one_frame():
    shown = {"top-c1": Fragment(printed="<b>\n", value="1 < 2"), "top-c2": Fragment(error="ValueError: no")}
    page = article(
        "```python\nx = 1 < 2\n```\n\n```python raises no\nf()\n```\n\n```python hidden\ny\n```", shown
    ).html()
    first, second, third = page.split('<div class="outputs"')[1:]
    assert '<pre class="output printed">&lt;b&gt;</pre><pre class="output value">1 &lt; 2</pre>' in first
    assert "<b>ValueError</b>: no" in second and third.startswith(' id="top-c3"></div>')


def test_controls_in_succession_stand_in_one_row():
    page = article(
        '::: slider x, -1, 1, step=0.5, value=0.5, label="input $x$"\n\n::: slider n, options=[1, 10], value=10\n\n'
        '::: choice c, ["<a>", "b"]\n\n::: number k, 3, minimum=1\n\ntext\n\n::: slider z, 0, 1'
    ).html()
    assert page.count('<div class="controls">') == 2
    assert (
        '<input type="range" min="-1" max="1" step="0.5" value="0.5" data-control="x" aria-label="input x" disabled>'
        in page
    )
    assert 'min="0" max="1" value="1" data-values="[1, 10]"' in page and "<output>10</output>" in page
    assert '<option value="&quot;&lt;a&gt;&quot;" selected>&lt;a&gt;</option>' in page
    assert '<input type="number" min="1" step="any" value="3"' in page


def test_boxes_and_cards():
    page = article(
        "::: story A [[loss]]\none\n:::\n\n::: deeper More\n```python\n1\n```\n:::\n\n"
        "::: exercise slopes_by_autograd\n\n::: quiz 9\n\n"
        "::: beside\nfirst\n\n::: slider x, 0, 1\n\ntext\n:::",
        standings={},
    ).html()
    assert (
        '<aside class="story"' in page
        and '<details class="deeper"><summary>Deeper: More</summary><div class="cell" data-cell="top-c1">' in page
    )
    assert "<b>Ask for a slope</b><small>6 minutes</small>" in page and "torchbook check slopes_by_autograd" in page
    assert 'data-card="exercise" data-name="slopes_by_autograd"' in page and "torchbook quiz 09" in page
    assert re.search(
        r'<div class="text">.*first.*<div class="figure"><div class="controls">.*</div><div class="text">.*text', page
    )


def test_what_cannot_be_shown_is_said_with_its_line():
    for body, message in (
        ("\none\n\n[[lose]]", r"07_made\.md:8: the glossary has no entry 'lose'; did you mean loss"),
        ("::: exercise nothing", r"07_made\.md:5: there is no exercise 'nothing'"),
        ("::: story\na\n\n$\\frac$\n:::", r"07_made\.md:8: the formula"),
    ):
        with pytest.raises(TorchbookError, match=message):
            article(body).html()


def test_the_time_to_read_leaves_out_what_is_deeper():
    words = "word " * 180
    made = article(f"{words}\n\n::: deeper\n{words * 9}\n:::\n\n```python\n1\n```\n\n```python\n2\n```").document
    assert minutes(made) == 2


def test_prose_is_markdown_with_formulas_and_terms():
    assert prose("**a** <b> `x < 1`") == "<p><strong>a</strong> &lt;b&gt; <code>x &lt; 1</code></p>"
    assert prose("$$x$$").startswith('<div class="formula"><math display="block"')
    assert inline("see [[parameter|parameters]]").startswith(
        'see <span class="term"><a href="/glossary/parameter">parameters</a>'
    )
    assert "<math" not in inline("`$x$` costs 5$ and 3$") and inline("`[[loss]]`") == "<code>[[loss]]</code>"
    assert prose("| a | b |\n|---|---|\n| $x$ | `y` |").startswith('<div class="table"><table>')


def formulas():
    """All formulas of the course's documents, glossary and exercises."""
    from torchbook.course.texts.document_values import FORMULA, filled

    texts = [part.text for file in documents().values() for part in read_document(file).flat if isinstance(part, Prose)]
    texts += [one.prompt for one in exercises()] + [entry.text for entry in read_glossary()]
    for text in texts:
        text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", filled(text, ["1"] * text.count("{{ ")))
        yield from (match["display"] or match["inline"] for match in FORMULA.finditer(text))
    yield from (entry.formula for entry in read_glossary() if entry.formula)


def test_every_formula_of_the_course_is_mathml():
    found = list(formulas())
    assert len(found) > 250
    for tex in found:
        made = mathml(tex)
        assert made.startswith("<math") and made.endswith("</math>") and "style=" not in made
        assert "merror" not in made and not re.search(r"<m[io]>\\\\", made), tex


def test_a_face_is_cut_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path))
    first = typefaces.face_file("text-italic")
    assert first.is_relative_to(tmp_path) and first.read_bytes()[:4] == b"wOFF" and first.stat().st_size < 60_000
    first.write_bytes(b"kept")
    assert typefaces.face_file("text-italic").read_bytes() == b"kept"


def test_a_pictures_script_is_the_one_that_anywidget_has():
    assert picture_files.script(Stepper.scripts) == Stepper._esm
    assert picture_files.style().startswith(".tb-picture {")


def test_the_page_of_a_project_lists_what_is_asked_for(client, tmp_path, monkeypatch):
    rubric = '```python rubric\ndef good(run):\n    """It is *good*."""\n```\n\n```python rubric\nLIMIT = 1\n```\n'
    file = tmp_path / "P3_net.md"
    file.write_text(f"---\ntitle: A network\nline: Yours.\nafter: 9\n---\nDo it.\n\n## The rubric\n\n{rubric}")
    file.with_suffix(".json").write_text(snapshot.text_of(fresh_state(read_document(file))))
    monkeypatch.setattr(document_module, "projects", lambda: {"P3": file})
    monkeypatch.setattr(lesson_status, "projects", lambda: {"P3": file})
    from torchbook.course.learner.workspace import make
    from torchbook.course.site.app import build

    with type(client)(build(make(tmp_path / "w")[0], port=8008), base_url="http://127.0.0.1:8008") as other:
        page = other.get("/projects/P3-net/").text
    assert "Project P3 · after lesson 09" in page and "<li>It is <em>good</em>.</li>" in page
    assert "<code>torchbook check P3 RUN</code>" in page and page.count("How it is judged") == 2
    assert 'data-lesson="P3"' in page and "<title>P3 A network" in page


def test_a_button_a_computed_choice_and_tables_have_their_look():
    body = '::: button draws, label="draw *again*"\n\n::: choice layer, {{ ["a", "b"] }}\n\n```python\nlayer\n```'
    shown = {
        "top-k2": Fragment(options=("a", "<b>"), chosen="<b>"),
        "top-c1": Fragment(table="<table><tr><td>1</td></tr></table>", markdown=""),
    }
    page = article(body, shown).html()
    assert '<button type="button" value="0" data-control="draws" disabled>draw <em>again</em></button>' in page
    assert '<option value="&quot;&lt;b&gt;&quot;" selected>&lt;b&gt;</option>' in page
    assert '<div class="output made"><div class="table"><table><tr><td>1</td></tr></table></div></div>' in page
    assert "<select" in article(body).html(), "before anything has run"


def test_a_diagram_stands_on_the_page_as_one_drawing():
    page = article("::: diagram Round\nforward → loss → backward → forward\n:::").html()
    assert page.count("<svg") == 1 and 'aria-label="Round. forward leads to loss.' in page


def test_a_project_does_not_offer_the_recipes_of_a_lesson_that_is_not_written(learner):
    project, state = read_stored(document_module.projects()["P3"])
    road = lesson_status.lesson_statuses(learner, {})
    assert road[project.front.after].lesson.recipes
    assert "Train it now" not in whole(project, state, learner, road)
