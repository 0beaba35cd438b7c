"""Markdown of the course and of runs as HTML that can do nothing."""

import pytest

from torchbook.course.site.markdown import rendered


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "a ```b\n\n<img src=x onerror=alert(1)>\n\nc``` d",
        "a ```<img src=x onerror=alert(1)>``` b",
        "| a |\n|---|\n| ```<script>alert(1)</script>``` |",
        "```\n<script>alert(1)</script>",
        "<script>```\nalert(1)\n```</script>",
    ],
)
def test_html_in_a_text_is_shown_and_never_done(text):
    html = rendered(text)
    assert "<img" not in html and "<script" not in html
    assert "&lt;img" in html or "&lt;script" in html


def test_code_in_fences_and_tables_are_drawn():
    html = rendered("```python\nif a < b:\n    print('&')\n```\n\n| a | b |\n|---|---|\n| `<x>` | 2 |\n")
    assert '<pre><code class="language-python">if a &lt; b:' in html and "&amp;" in html
    assert "<td><code>&lt;x&gt;</code></td>" in html and "<th>a</th>" in html


@pytest.mark.parametrize("block", ["    {}\n", "```\n{}\n```\n", "1. a\n\n        {}\n"])
def test_signs_in_a_block_of_code_are_shown_as_they_are(block):
    html = rendered("Before:\n\n" + block.format("in <module>: a && b > c, &lt;"))
    assert "<pre><code>in &lt;module&gt;: a &amp;&amp; b &gt; c, &amp;lt;\n</code></pre>" in html
