"""HTML as a tree."""

from torchbook.course.texts.markup import clean, parsed, written


def test_html_that_is_not_well_formed_is_read_all_the_same():
    source = '<p>one<p>two<ul><li>a<li>b</ul><svg viewBox="0 0 1 1"><svg/><g><svg></svg></g></svg><br>x & <b>y'
    text = written(parsed(source))
    assert text.count("<p>") == text.count("</p>") == 2 and text.count("<li>") == text.count("</li>") == 2
    assert 'viewBox="0 0 1 1"' in text and text.count("<svg") == 3 and "x &amp; <b>y</b>" in text


def test_nothing_that_runs_is_left():
    bad = '<a href="javascript:x" onclick="y" data-z="1">t</a><script>alert(1)</script><iframe src="z"></iframe>'
    assert clean(bad) == "<a>t</a>"
