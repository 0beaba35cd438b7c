"""Search: what people type leads them where they want to be."""

import pytest

from torchbook.course.site.lesson_status import lesson_statuses
from torchbook.course.site.search import Entry, entries, marked, ranked
from torchbook.course.texts.document import documents


@pytest.fixture
def known(learner):
    return entries(learner, lesson_statuses(learner, documents()))


@pytest.mark.parametrize(
    ("query", "kind", "address"),
    [
        ("softmax", "term", "/glossary/softmax"),
        ("gradient descent", "lesson", "/lessons/08-gradient-descent/"),
        ("GRADIENT DESC", "lesson", "/lessons/08-gradient-descent/"),
        ("one step and again", "in a lesson", "/lessons/08-gradient-descent/#one-step-and-again"),
        ("thermometer", "data set", "/data/thermometer"),
        ("mean_squared_error", "exercise", "/lessons/08-gradient-descent/#exercise-mean_squared_error"),
        ("shape_of_lists", "exercise", "/lessons/01-tensors/#exercise-shape_of_lists"),
        ("picture_grid", "exercise", "/lessons/03-shapes/#exercise-picture_grid"),
        ("engine of your own", "project", "/projects/P1-engine/"),
        ("dcgan", "recipe", "/recipes#dcgan"),
        ("normalization", "term", "/glossary/normalisation"),
        ("1000 examples batches", "question", "/lessons/08-gradient-descent/#quiz"),
        ("runs", "page", "/runs"),
        ("cyclegan horses", "lesson", "/#part-making"),
    ],
)
def test_what_is_wanted_is_near_the_top(known, query, kind, address):
    found = [(entry.kind, entry.address) for entry in ranked(known, query)[:5]]
    assert (kind, address) in found


def test_every_word_must_fit(known):
    assert ranked(known, "softmax zebra") == []
    assert ranked(known, "") == [] == ranked(known, "?!")


def test_a_whole_title_comes_first():
    some = [
        Entry("term", "loss curve", "/a", ""),
        Entry("term", "loss", "/b", ""),
        Entry("term", "glossary", "/c", "loss"),
    ]
    assert [entry.address for entry in ranked(some, "loss")] == ["/b", "/a", "/c"]


def test_found_words_are_marked_and_nothing_else_is_html():
    assert (
        marked("The <b>loss</b> lossless", "loss") == "The &lt;b&gt;<mark>loss</mark>&lt;/b&gt; <mark>loss</mark>less"
    )
    cut = marked("x" * 300 + " loss " + "y" * 300, "loss", around=20)
    assert cut.startswith("… ") and cut.endswith(" …") and "<mark>loss</mark>" in cut
    assert marked("a & b", "") == "a &amp; b"


def test_answers_while_typing(client):
    answer = client.get("/search.json", params={"q": "softm"})
    assert answer.headers["cache-control"] == "no-store"
    first = answer.json()["found"][0]
    assert first == {"kind": "term", "title": "<mark>softm</mark>ax", "address": "/glossary/softmax"} | {
        "text": first["text"]
    }
    assert client.get("/search.json").json() == {"found": []}
    assert "&lt;script&gt;" in client.get("/search", params={"q": "<script>"}).text
