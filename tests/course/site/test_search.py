"""Search: what people type leads them where they want to be."""

import pytest

from torchbook.course.site.lesson_status import lesson_statuses
from torchbook.course.site.search import Entry, Match, entries, marked, ranked
from torchbook.course.texts.document import documents


@pytest.fixture(scope="module")
def known(new_workspace, measured_machine):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCHBOOK_HOME", str(measured_machine))  # no runs
        return entries(new_workspace, lesson_statuses(new_workspace, documents()))


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
        ("softmx", "term", "/glossary/softmax"),
        ("gradeint", "term", "/glossary/gradient"),
        ("gradeint descnet", "lesson", "/lessons/08-gradient-descent/"),
        ("brodcasting", "term", "/glossary/broadcasting"),
        ("how do I save a model", "exercise", "/lessons/14-logistic-regression/#exercise-save_and_load"),
        ("What is a learning rate?", "term", "/glossary/learning%20rate"),
        ("why is my loss nan", "term", "/glossary/loss"),
        ("why does my loss not go down", "in a lesson", "/lessons/08-gradient-descent/#too-fast-too-slow"),
        ("trained models", "page", "/runs"),
        ("data sets", "page", "/data"),
        ("definitions", "page", "/glossary"),
        ("experiments", "page", "/recipes"),
        ("crossentropy", "term", "/glossary/cross-entropy"),
        ("cyclegan horses", "lesson", "/lessons/29-horses-and-zebras/"),
    ],
)
def test_what_is_wanted_is_near_the_top(known, query, kind, address):
    best = [(match.entry.kind, match.entry.address) for match in ranked(known, query)[:5]]
    assert (kind, address) in best


def test_what_has_all_words_comes_before_what_has_some():
    some = [Entry("term", "softmax", "/a", "of scores"), Entry("term", "zebra", "/b", ""), Entry("term", "x", "/c", "")]
    both = Entry("term", "softmax of zebras", "/d", "")
    assert {match.entry.address for match in ranked(some, "softmax zebra")} == {"/a", "/b"}
    assert ranked([*some, both], "softmax zebra")[0].entry is both


def test_what_nobody_has_written_is_not_found(known):
    assert ranked(known, "xylophone quagmire") == []
    assert ranked(known, "") == [] == ranked(known, "?!")


def test_a_whole_title_comes_first():
    some = [
        Entry("term", "loss curve", "/a", ""),
        Entry("term", "loss", "/b", ""),
        Entry("term", "glossary", "/c", "loss"),
    ]
    assert [match.entry.address for match in ranked(some, "loss")] == ["/b", "/a", "/c"]


def test_found_words_are_marked_and_nothing_else_is_html():
    def excerpt(text, query, **options):
        return marked(text, ranked([Entry("term", "", "/", text)], query)[0], **options)

    assert excerpt("The <b>loss</b> falls", "loss") == "The &lt;b&gt;<mark>loss</mark>&lt;/b&gt; falls"
    cut = excerpt("x" * 30 + " and " * 60 + " loss " + " and " * 60, "loss", around=20)
    assert cut.startswith("… ") and cut.endswith(" …") and "<mark>loss</mark>" in cut and len(cut) < 80
    assert "<mark>softmax</mark>" in excerpt("The softmax of all scores", "softmx"), "what was meant is marked"
    assert marked("a & b", Match(Entry("", "", "", ""), frozenset())) == "a &amp; b"


@pytest.mark.parametrize("query", ["softmax", "gradient", "how do I save a model", "learning rate too large"])
def test_every_excerpt_shows_a_word_that_was_found(known, query):
    for match in ranked(known, query)[:20]:
        whole = marked(match.entry.title, match) + marked(match.entry.text, match, around=70)
        assert "<mark>" in whole, match.entry
        if "<mark>" in marked(match.entry.text, match):
            assert "<mark>" in marked(match.entry.text, match, around=70), match.entry.text


def test_runs_are_found(learner, own_home):
    (own_home / "runs" / "my-first").mkdir(parents=True)
    (own_home / "runs" / "my-first" / "recipe.json").write_text('{"format": 1, "recipe": "mlp", "arguments": {}}')
    (own_home / "runs" / "damaged").mkdir()
    (own_home / "runs" / "damaged" / "recipe.json").write_text("[")
    every = entries(learner, lesson_statuses(learner, documents()))
    assert ranked(every, "my-first")[0].entry.address == "/runs/my-first"


def test_answers_while_typing(client):
    answer = client.get("/search.json", params={"q": "softm"})
    assert answer.headers["cache-control"] == "no-store"
    first = answer.json()["found"][0]
    assert first == {"kind": "term", "title": "<mark>softmax</mark>", "address": "/glossary/softmax"} | {
        "text": first["text"]
    }
    assert client.get("/search.json").json() == {"found": []}
    assert "&lt;script&gt;" in client.get("/search", params={"q": "<script>"}).text
