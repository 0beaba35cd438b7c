"""A guess on a page: a number or a curve is complete without a script, and brings the words that a script fills."""

import html
import json
import re
from pathlib import Path

import pytest

from torchbook.course.export.document_html import _Still
from torchbook.course.runtime.session import run
from torchbook.course.site import document_guess
from torchbook.course.site.document_article import Article
from torchbook.course.site.document_guess import WORDS
from torchbook.course.site.layout import STATIC
from torchbook.course.texts.document import parsed


def article(*truths, kind=Article):
    guesses = "\n\n".join(f"::: guess\nWhat?\n\n{truth}\n\nSeen *later*.\n:::" for truth in truths)
    document = parsed(f"---\ntitle: T\nline: L\n---\n{guesses}\n", Path("07_made.md"))
    return kind(document, run(document).fragments, exercises={})


def attribute(page, name):
    return json.loads(html.unescape(re.search(rf'data-{name}="([^"]*)"', page)[1]))


def test_a_number_has_a_field_with_its_unit_and_its_answer_folded():
    page = article("= {{ 64:,.1f }} $m^2$").html()
    assert '<div class="guess" id="top-g1" role="group" aria-label="Guess first" data-guess="number"' in page
    assert '<span class="unit"><math' in page and 'data-unit="m²"' in page and 'type="range"' not in page
    assert attribute(page, "truth") == {"number": 64.0, "text": "64.0 m²"}
    folded = re.search(r'<details class="reveal"><summary>Show the answer</summary>(.*)</details>', page)[1]
    assert "It is <strong>64.0 <math" in folded and "Seen <em>later</em>." in folded
    assert page.count(" disabled>") == 2, "nothing can be touched before the script is there"


@pytest.mark.parametrize(
    ("truth", "field"),
    [
        ("= {{ 0.5:.0% }}, from 0 to 100", 'min="0" max="100" step="1" value="50"'),
        ("= {{ 0.5 }}, from 0 to 1", 'min="0" max="1" step="0.01" value="0.5"'),
        ("= {{ 5 }}, from 0 to 5", 'min="0" max="5" step="0.05" value="2.5"'),
        ("= {{ 5 }}, from -20 to 20", 'min="-20" max="20" step="1" value="0"'),
        ("= {{ 5 }}, from 0 to 1,000,000", 'min="0" max="1e+06" step="10000" value="500000"'),
    ],
)
def test_a_range_gives_a_slider(truth, field):
    page = article(truth).html()
    assert f'<input type="range" {field} aria-label="Your guess" disabled>' in page
    assert ('inputmode="text"' in page) == ("-20" in truth) and ('data-unit="%"' in page) == ("%" in truth)


def test_a_curve_has_a_place_to_be_drawn_and_its_drawing_folded(client):
    page = article('~ {{ [4, 1, 2] }}, step "i" from 0 to 2, loss from -1 to 5').html()
    assert attribute(page, "axes") == [['step "i"', 0.0, 2.0], ["loss", -1.0, 5.0]]
    assert attribute(page, "truth") == {
        "x": [0.0, 1.0, 2.0],
        "y": [4.0, 1.0, 2.0],
        "text": 'loss against step "i": from 4 at 0 to 2 at 2, lowest 1 at 1.',
    }
    assert 'aria-label="loss against step &quot;i&quot;: from 4' in page and "style=" not in page
    script = client.get(re.search(r'data-scripts="([^"]+)"', page)[1])
    assert script.status_code == 200 and script.text.rstrip().endswith("export { sketch };")


def test_without_scripts_there_is_the_answer_alone():
    page = article("= {{ 64 }} m, from 0 to 100", "~ {{ [4, 1] }}, a from 0 to 1, b from 0 to 5", kind=_Still).html()
    assert "<input" not in page and "<form" not in page and "data-guess" not in page and "data-scripts" not in page
    assert page.count('<details class="reveal">') == 2 and "<strong>64 m</strong>" in page and "<svg" in page


def test_the_element_of_a_truth_is_made_anew():
    made = article("= {{ 64 }} m")
    assert made.element("top-g1-t1") in made.html()


def test_only_a_page_with_a_guess_has_its_script_and_words(client):
    page = client.get("/lessons/08-gradient-descent/").text
    words = json.loads(re.search(r'<script type="application/json" id="guess-words">(.*?)</script>', page)[1])
    assert words == document_guess.WORDS and "/static/guess.js?" in page
    without = client.get("/lessons/32/").text  # not written yet
    assert "torchbook" in without and "guess-words" not in without and "/static/guess.js?" not in without


def test_every_word_that_the_scripts_want_is_there_with_its_places():
    scripts = "".join(
        file.read_text(encoding="utf-8") for file in (STATIC / "guess.js", STATIC.parents[1] / "pictures" / "sketch.js")
    )
    wanted = set(re.findall(r'texts(?:\.(\w+)|\["([\w-]+)"\])', scripts))
    names = {first or second for first, second in wanted} - {"label"}  # made by guess.js
    assert names and names <= WORDS.keys()
    for kind in ("draw-left", "draw-right", "curve-near", "curve-fair", "curve-far"):
        assert kind in WORDS
