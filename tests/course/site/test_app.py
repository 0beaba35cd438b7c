"""The pages of the site, without a browser."""

import contextlib
import json
import re
import shutil
import sqlite3

import pytest
from waiting import until

from torchbook.course.learner import progress, workspace
from torchbook.course.site import bookmarks
from torchbook.course.site.outline import outline
from torchbook.course.texts.document import address_of, documents, projects
from torchbook.course.texts.plan import LESSONS, planned_lesson
from torchbook.course.texts.quiz import quizzes, read_quiz

PAGES = (
    "/",
    "/glossary",
    "/glossary/softmax",
    "/runs",
    "/data",
    "/recipes",
    "/private",
    "/formulas",
    "/search?q=loss",
    "/nowhere",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_a_whole_page(looked_at, address):
    answer = looked_at.get(address)
    assert answer.status_code == (404 if address == "/nowhere" else 200)
    text = answer.text
    assert text.startswith('<!doctype html><html lang="en">')
    assert re.search(r"<title>[^<]+ · torchbook</title>", text)
    assert text.count("<h1") == 1 and 'id="content"' in text
    assert not re.search(r'(src|href)="(https?:)?//', text)


def test_addresses_of_static_files_may_be_kept(looked_at):
    text = looked_at.get("/").text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', text):
        answer = looked_at.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_the_road_shows_every_lesson(looked_at):
    text = looked_at.get("/").text
    for lesson in LESSONS:
        assert re.search(rf'Lesson {lesson.number:02}[^<]*: </span><a href="/lessons/{lesson.number:02}-', text), lesson
    assert text.count('class="part ') == 10
    assert '<a href="/lessons/08-gradient-descent/">Gradient descent</a>' in text
    for file in projects().values():
        assert f'<a href="{address_of(file)}">' in text


def test_progress_and_what_is_next(client, learner):
    text = client.get("/").text
    assert ">Begin <" in text and "site-button" in text
    assert 'class="stop next"' in text
    exercises = [one for one in learner.exercises() if one.lesson == 8]
    for exercise in exercises:
        progress.record(learner.database, exercise.name, "attempt", outcome="passed", fingerprint="a")
    assert f"<b>{len(exercises)}</b>/" in client.get("/").text
    for question in read_quiz(quizzes()[8]).questions:
        progress.record_answer(learner.database, 8, question.id, right=True)
    text = client.get("/").text
    assert re.search(r'class="stop done"><span class="node" aria-hidden="true">✓</span>', text)
    assert 'href="/lessons/09-autograd/">Go on' in text


def test_one_continues_where_one_left_off(client, learner):
    bookmarks.remember(learner, 9, anchor="the-question", heading="The question", share=0.4)
    text = client.get("/").text
    assert 'href="/lessons/09-autograd/#the-question">Continue where you left off' in text
    assert "09 Autograd · The question" in text
    (learner.folder / "places.json").write_text("{ damaged")
    assert ">Begin <" in client.get("/").text


def test_one_continues_in_a_project_until_it_is_done(client, learner):
    bookmarks.remember(learner, 9, share=0.4)
    with client.websocket_connect("/presence", headers={"host": "127.0.0.1:8008"}) as line:
        line.receive_json()
        for lesson in ("P99", "P1"):
            line.send_text(json.dumps({"lesson": lesson, "anchor": "top", "heading": "The engine", "share": 0.3}))
        until(lambda: "P1" in bookmarks.places(learner))
    assert "P99" not in bookmarks.places(learner)
    file = projects()["P1"]
    assert f'href="{address_of(file)}#top">Continue where you left off' in client.get("/").text
    progress.record(learner.database, file.stem, "attempt", outcome="passed", fingerprint="a")
    assert "#top" not in client.get("/").text


def test_the_share_of_a_lesson_only_grows(learner):
    bookmarks.remember(learner, 8, share=0.7)
    bookmarks.remember(learner, 8, anchor="x", heading="X", share=0.2)
    place = bookmarks.places(learner)[8]
    assert (place.share, place.anchor) == (0.7, "x")


def test_a_page_tells_where_it_is_and_hears_of_progress(client, learner):
    with client.websocket_connect("/presence", headers={"host": "127.0.0.1:8008"}) as line:
        assert line.receive_json()["server"]
        line.send_text("nonsense")
        line.send_text(json.dumps({"lesson": 8, "anchor": "a", "heading": "A", "share": 0.3}))
        assert line.receive_json()["progress"]["passed"] == 0
        progress.record(learner.database, "mean_squared_error", "attempt", outcome="passed", fingerprint="a")
        told = line.receive_json()["progress"]
        assert told["passed"] == 1 and told["lessons"]["8"]["passed"] == 1
        until(lambda: 8 in bookmarks.places(learner))
    assert bookmarks.places(learner)[8].heading == "A"


def test_a_page_hears_at_once_what_has_changed_since_it_was_made(client, learner):
    client.get("/")
    progress.record(learner.database, "mean_squared_error", "attempt", outcome="passed", fingerprint="a")
    with client.websocket_connect("/presence", headers={"host": "127.0.0.1:8008"}) as line:
        line.receive_json()
        assert line.receive_json()["progress"]["passed"] == 1


def test_a_lesson_has_a_readable_address(looked_at):
    for short in ("/lessons/08", "/lessons/08-gradient-descent"):
        answer = looked_at.get(f"{short}?stepper.step=3", follow_redirects=False)
        assert answer.headers["location"] == "/lessons/08-gradient-descent/?stepper.step=3"


def test_short_and_earlier_addresses_lead_to_the_page(looked_at):
    for address in (
        "/lessons/09",
        "/lessons/09/",
        "/lessons/09-of-an-older-name/",
        "/pages/09",
        "/lessons/09-autograd",
        "/lessons/09-auto",
    ):
        answer = looked_at.get(address, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (307, "/lessons/09-autograd/")
    assert looked_at.get("/pages/P1", follow_redirects=False).headers["location"] == "/projects/P1-engine/"
    assert looked_at.get("/projects/P1").status_code == 200


@pytest.mark.parametrize("what", ["progress", "newer", "settings", "moved"])
def test_what_cannot_be_read_is_said_on_every_page_closes_none_and_is_left_as_it_is(built, visit, learner, what):
    if what == "newer":
        with contextlib.closing(sqlite3.connect(learner.database)) as connection:
            connection.execute("PRAGMA user_version = 9")
    elif what == "moved":
        (learner.folder / "torchbook.json").write_text('{"exercises": ["/nowhere"]}')
    else:
        damaged = learner.database if what == "progress" else learner.folder / "torchbook.json"
        damaged.write_bytes(b"{ neither a database nor JSON" * 99)
    before = {file: file.read_bytes() for file in learner.folder.iterdir() if file.is_file()}
    words = {"progress": "is damaged", "newer": "pip install -U torchbook", "settings": "torchbook start"}
    with visit(built()) as client:
        for address in ("/", "/glossary", "/search?q=loss", "/lessons/09-autograd/"):
            answer = client.get(address, headers={"accept": "text/html,*/*"})
            assert answer.status_code == 200 and answer.text.count("<h1") == 1
            assert words.get(what, "/nowhere") in answer.text and str(learner.folder) in answer.text
            assert "x-frame-options" in answer.headers
        assert client.get("/search.json?q=loss").status_code == 200
        assert client.get("/nowhere").status_code == 404
        assert {file: file.read_bytes() for file in before} == before
        for file in before:
            file.unlink()
        (learner.folder / "torchbook.json").write_text("{}")
        assert "site-trouble" not in client.get("/").text, "once it is put right, all is as before"


ODD_PLACES = [
    '[{"lesson": 8, "at": "z"}, {"lesson": 9}]',
    '[{"lesson": 8, "at": null}, {"lesson": 9}]',
    '[{"lesson": 8, "heading": 5}, null, 3, {}, {"lesson": [8]}, {"lesson": 9}]',
    '[{"lesson": 8, "anchor": "\\ud800"}, {"lesson": 9}]',
    '[{"lesson": 8, "share": NaN}, {"lesson": 8, "colour": 1}, {"lesson": 9}]',
]


@pytest.mark.parametrize("text", ODD_PLACES)
def test_an_odd_bookmark_costs_that_one(client, learner, text):
    (learner.folder / "places.json").write_text(text)
    assert client.get("/").status_code == 200 and 9 in bookmarks.places(learner)
    bookmarks.remember(learner, 3, anchor="a")
    assert {3, 9} <= {*bookmarks.places(learner)} and client.get("/").status_code == 200


def test_bookmarks_nested_without_end_are_kept_aside(client, learner):
    file = learner.folder / "places.json"
    file.write_text("[" * 100_000)
    assert client.get("/").status_code == 200 and client.get("/lessons/09-autograd/").status_code == 200
    bookmarks.remember(learner, 3, anchor="a")
    (kept,) = (learner.folder / "kept").iterdir()
    assert kept.read_text() == "[" * 100_000 and [*bookmarks.places(learner)] == [3]


def test_what_no_page_says_of_its_place_is_passed_over(client, learner):
    odd = [
        '{"lesson": 1e999}',
        "[",
        "null",
        '{"lesson": null}',
        '{"lesson": 12345}',
        '{"lesson": 777}',
        '{"lesson": "x"}',
    ]
    odd += ['{"lesson": 9, "share": 2}', '{"lesson": 9, "heading": 3}', "[" * 100_000]
    with client.websocket_connect("/presence", headers={"host": "127.0.0.1:8008"}) as line:
        line.receive_json()
        line.send_bytes(b"\x00\xff")
        for text in [*odd, '{"lesson": 8, "anchor": "\\ud800", "heading": "H", "share": 0.5}']:
            line.send_text(text)
        until(lambda: 8 in bookmarks.places(learner))
    assert [*bookmarks.places(learner)] == [8] and client.get("/").status_code == 200


def test_a_body_has_a_bound(looked_at):
    big = b'{"cell": "' + b"x" * (5 << 20) + b'"}'
    assert looked_at.put("/lessons/09-autograd/blocks", content=big).status_code == 413
    assert looked_at.put("/lessons/09-autograd/blocks", content=b"{}").status_code == 400


@pytest.mark.parametrize("number", [lesson.number for lesson in LESSONS if lesson.number not in documents()])
def test_what_there_is_of_a_lesson_that_is_not_written_can_be_done_on_its_page(looked_at, new_workspace, number):
    answer = looked_at.get(f"/lessons/{number:02}")
    assert answer.status_code == 200 and str(answer.url).endswith(planned_lesson(number).address)
    for exercise in new_workspace.exercises():
        here = f'data-card="exercise" data-name="{exercise.name}"' in answer.text
        assert here == (exercise.lesson == number)
    assert (f'data-card="quiz" data-name="{number}"' in answer.text) == (number in quizzes())
    for recipe in planned_lesson(number).recipes:
        assert f'data-recipe="{recipe}"' in answer.text
    assert "/lessons/08-gradient-descent/" in looked_at.get("/lessons/08-gradient").text


def test_a_page_says_that_nothing_leaves_the_machine(client, learner):
    text = client.get("/private").text
    assert "Nothing about you leaves this machine" in text and str(learner.database) in text
    assert 'href="/private"' in client.get("/").text


def test_a_lesson_without_anything_is_no_page(looked_at):
    assert looked_at.get("/lessons/77").status_code == 404


def test_the_exercises_of_a_teacher_are_done_on_a_page_too(client, learner, tmp_path):
    packaged = next(exercise for exercise in learner.exercises() if exercise.name == "softmax")
    shutil.copytree(packaged.folder, tmp_path / "own" / "40_clouds" / "cloud_cover")
    workspace.make(learner.folder, added=tmp_path / "own")
    text = client.get("/lessons/40").text
    assert 'data-card="exercise" data-name="cloud_cover"' in text and "Lesson 40" in text


def test_no_grey_is_left_between_two_stops_that_are_done(client, learner):
    everything = learner.exercises()
    for number in (0, 1):
        for exercise in everything:
            if exercise.lesson == number:
                progress.record(learner.database, exercise.name, "attempt", outcome="passed", fingerprint="a")
        for question in read_quiz(quizzes()[number]).questions:
            progress.record_answer(learner.database, number, question.id, right=True)
    text = client.get("/").text
    first, second = re.findall(r'<li class="(stop [^"]*)"', text)[:2]
    assert (first, second) == ("stop done onward", "stop done")
    assert text.count('class="sign reached"') == 2 and text.count('class="bend walked"') == 1


def test_an_outline_says_title_minutes_and_headings(slopes, lessons):
    slopes_outline = outline(slopes.file)
    assert (slopes_outline.title, slopes_outline.line, slopes_outline.minutes) == ("Slopes", "Ask for one.", 1)
    assert [section.anchor for section in slopes_outline.sections] == ["the-question", "quiz"]
    assert slopes_outline.sections[0].prose.startswith("Which slope is it? The sum of all yᵢ has the slopes")
    (lessons / "10_broken.md").write_text("no front matter")
    assert outline(lessons / "10_broken.md").title == "Broken"


def test_an_outline_has_the_numbers_that_were_computed():
    prose = " ".join(section.prose for section in outline(documents()[9]).sections)
    assert "{{" not in prose and "…" not in prose and "[[" not in prose


@pytest.mark.parametrize("address", ["/lessons", "/projects"])
def test_the_folder_of_the_lessons_is_the_road(looked_at, address):
    answer = looked_at.get(address, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/")


def test_who_has_no_runs_can_make_one(client, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path / "nothing"))
    assert 'data-recipe="mlp"' in client.get("/runs").text
