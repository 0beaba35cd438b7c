"""The page on writing formulas."""

import re
from html import unescape

from torchbook.course.site.formulas_page import FORMULAS


def test_every_source_stands_beside_its_formula(client):
    text = client.get("/formulas").text
    sources = [unescape(source) for source in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)]
    in_file = re.findall(r"^\$\$\n(.+?)\n\$\$$", FORMULAS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert sources == in_file and len(sources) >= 15
    assert len(re.findall(r'<output[^>]*><math display="block"', text)) == len(sources)


def test_a_formula_is_shown_while_it_is_typed(client):
    def shown(source):
        return client.get("/formulas/shown", params={"source": source}).json()

    assert shown(r"\frac{1}{n}")["formula"].startswith('<math display="block"')
    assert shown(" ") == {"formula": ""}
    assert "every { needs its }" in shown(r"\frac{1")["error"]
    assert "at most 2,000" in shown("x" * 3000)["error"]


def test_it_is_found(client):
    assert 'href="/formulas"' in client.get("/glossary").text
    for query in ("latex", "how do I write a formula"):
        assert "/formulas" in [
            row["address"] for row in client.get("/search.json", params={"q": query}).json()["found"]
        ]
