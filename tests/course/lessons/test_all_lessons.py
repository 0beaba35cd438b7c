"""The standard that every written lesson is held to. What a lesson claims is in the test of its own number."""

import re
from html import escape

import pytest

from torchbook.course.authoring.lesson_lint import faults, marimo_says
from torchbook.course.site.lesson_page import opening
from torchbook.course.texts.lesson import lesson_files, read_lesson

WRITTEN = [pytest.param(file, id=file.stem) for file in lesson_files().values()]


@pytest.mark.parametrize("file", WRITTEN)
def test_a_lesson_is_as_all_lessons_are(file):
    found = faults(read_lesson(file))
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("file", WRITTEN)
def test_marimo_finds_nothing(file):
    assert marimo_says(read_lesson(file)) == ""


@pytest.mark.parametrize("file", WRITTEN)
def test_its_beginning_is_read_while_it_is_set_up(file):
    beginning = opening(file)
    assert re.search("<h1[^>]*>" + re.escape(escape(read_lesson(file).title)), beginning), beginning[:200]
    assert len(re.findall(r'class="paragraph"|<li', beginning)) >= 3
