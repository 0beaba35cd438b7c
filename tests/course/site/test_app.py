"""The pages of the site, without a browser."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from torchbook.course import progress
from torchbook.course.plan import LESSONS
from torchbook.course.site import places
from torchbook.course.site.outline import outline
from torchbook.errors import TorchbookError

PAGES = ("/", "/glossary", "/glossary/softmax", "/runs", "/data", "/recipes", "/search?q=loss", "/nowhere")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_a_whole_page(client, address):
    answer = client.get(address)
    assert answer.status_code == (404 if address == "/nowhere" else 200)
    text = answer.text
    assert text.startswith('<!doctype html><html lang="en">')
    assert re.search(r"<title>[^<]+ · torchbook</title>", text)
    assert text.count("<h1") == 1 and 'id="content"' in text
    assert not re.search(r'(src|href)="(https?:)?//', text)


def test_addresses_of_static_files_may_be_kept(client):
    text = client.get("/").text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', text):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_the_road_shows_every_lesson(client):
    text = client.get("/").text
    for lesson in LESSONS:
        assert re.search(rf"Lesson {lesson.number:02}[^<]*: </span>", text), lesson
    assert text.count('class="part ') == 10
    assert '<a href="/lessons/08-gradient-descent/">Gradient descent</a>' in text
    assert text.count("not written yet</span>") == len(LESSONS) - 2
    assert "torchbook check shape_of_lists" in text  # an exercise of a lesson that is not written
    assert "12 min" in text


def test_progress_and_what_is_next(client, learner):
    text = client.get("/").text
    assert ">Begin <" in text and "site-button" in text
    assert 'class="stop next"' in text
    exercises = [one for one in learner.exercises() if one.lesson == 8]
    for exercise in exercises:
        progress.record(learner.database, exercise.name, "attempt", outcome="passed", fingerprint="a")
    assert f"<b>{len(exercises)}</b>/" in client.get("/").text
    from torchbook.course.quiz import quizzes, read_quiz

    for question in read_quiz(quizzes()[8]).questions:
        progress.record_answer(learner.database, 8, question.id, right=True)
    text = client.get("/").text
    assert re.search(r'class="stop done"><span class="node" aria-hidden="true">✓</span>', text)
    assert 'href="/lessons/09-autograd/">Go on' in text


def test_one_continues_where_one_left_off(client, learner):
    places.remember(learner, 9, anchor="the-question", heading="The question", share=0.4)
    text = client.get("/").text
    assert 'href="/lessons/09-autograd/#the-question">Continue where you left off' in text
    assert "09 Autograd · The question" in text
    (learner.folder / "places.json").write_text("{ damaged")
    assert ">Begin <" in client.get("/").text


def test_the_share_of_a_lesson_only_grows(learner):
    places.remember(learner, 8, share=0.7)
    places.remember(learner, 8, anchor="x", heading="X", share=0.2)
    place = places.places(learner)[8]
    assert (place.share, place.anchor) == (0.7, "x")


def test_a_page_tells_where_it_is_and_hears_of_progress(client, learner):
    with client.websocket_connect("/presence", headers={"host": "127.0.0.1:8008"}) as line:
        assert line.receive_json()["server"]
        line.send_text("nonsense")
        line.send_text(json.dumps({"lesson": 8, "anchor": "a", "heading": "A", "share": 0.3}))
        progress.record(learner.database, "mean_squared_error", "attempt", outcome="passed", fingerprint="a")
        told = line.receive_json()["progress"]
        assert told["passed"] == 1 and told["lessons"]["8"]["passed"] == 1
    assert places.places(learner)[8].heading == "A"


def test_a_lesson_has_a_readable_address(client):
    for short in ("/lessons/08", "/lessons/08-gradient-descent"):
        answer = client.get(f"{short}?stepper.step=3", follow_redirects=False)
        assert answer.headers["location"] == "/lessons/08-gradient-descent/?stepper.step=3"


def test_a_lesson_is_framed(client):
    text = client.get("/lessons/08-gradient-descent/").text
    assert "<title>08 Gradient descent · torchbook</title>" in text
    assert 'rel="next"' in text and "/lessons/09-autograd/" in text
    assert "12 min to read" in text and "0 of 3 exercises" in text
    assert 'src="/static/marimo/assets/' in text and 'src="./assets' not in text
    assert "serviceWorker" not in text and "<marimo-filename" not in text.partition("</head>")[0]
    assert not re.search(r'(src|href)="(https?:)?//', text)


def test_what_marimo_needs_not_is_closed(client):
    base = "/lessons/08-gradient-descent"
    for path in ("/api/kernel/run", "/api/kernel/shutdown", "/api/kernel/read_code", "/api/export/html", "/terminal/ws",
                 "/api/files/list_files", "/api/status/connections", "/auth/login", "/sse"):  # fmt: skip
        for method in ("GET", "POST"):
            assert client.request(method, base + path).status_code == 404
    assert client.get(f"{base}/health").status_code == 200


def test_lessons_that_are_not_written_are_said_to_be_so(client):
    answer = client.get("/lessons/03")
    assert answer.status_code == 404
    assert "not written yet" in answer.text and "torchbook check" in answer.text
    assert "/lessons/08-gradient-descent/" in client.get("/lessons/08-gradient").text


def test_terms(client):
    text = client.get("/glossary/softmax").text
    assert 'data-tex="' in text
    assert client.get("/glossary/Softmax", follow_redirects=False).headers["location"] == "/glossary/softmax"
    missing = client.get("/glossary/sofmax")
    assert missing.status_code == 404 and 'href="/glossary/softmax"' in missing.text
    assert "<script>" not in client.get("/glossary/<script>").text.partition("<main")[2]


def test_formulas_come_from_files_that_are_there(client):
    assert "default" in client.get("/static/katex.js").text
    rules = client.get("/static/katex.css").text
    fonts = re.findall(r"url\((/static/marimo/[^)]+woff2)\)", rules)
    assert ".katex .katex-mathml" in rules and fonts
    assert client.get(fonts[0]).status_code == 200


def test_a_run(client, own_home):
    assert "torchbook train" in client.get("/runs").text
    run = own_home / "runs" / "first one"
    (run / "pictures").mkdir(parents=True)
    about = {"format": 1, "recipe": "mlp", "arguments": {"data": "digits"}, "created": "2026-01-02T03:04", "choice": {}}
    (run / "recipe.json").write_text(json.dumps(about))
    rows = [{"epoch": n, "loss": 1 / n, "valid_loss": 1.1 / n, "valid_accuracy": 0.9} for n in (1, 2, 3)]
    (run / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (run / "card.md").write_text("# first one\n\n- test set: **90 %** <script>alert(1)</script>\n")
    (run / "pictures" / "epoch-0001.png").write_bytes(b"\x89PNG\r\n")
    (run / "pictures" / "notes.html").write_text("<script>")
    assert 'href="/runs/first%20one"' in client.get("/runs").text
    text = client.get("/runs/first%20one").text
    assert "from 1 to 0.333" in text and "<strong>90 %</strong>" in text and "<script>alert" not in text
    assert client.get("/runs/first%20one/pictures/epoch-0001.png").status_code == 200
    assert client.get("/runs/first%20one/pictures/notes.html").status_code == 404


@pytest.mark.parametrize("name", ["..", "%2e%2e", "..%2f..", "a/../../etc", "first/%2e%2e/%2e%2e", "%2fetc", ".hidden"])
def test_no_way_out_of_the_folder_of_runs(client, own_home, name):
    (own_home / "recipe.json").write_text("{}")
    (own_home / "runs").mkdir(exist_ok=True)
    (own_home / "pictures").mkdir()
    (own_home / "pictures" / "secret.png").write_bytes(b"what nobody is to see")
    assert b"nobody" not in client.get(f"/runs/{name}/pictures/secret.png").content
    assert "In the terminal" not in client.get(f"/runs/{name}").text


def test_a_link_does_not_lead_out_of_the_folder_of_runs(client, own_home, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "recipe.json").write_text("{}")
    (own_home / "runs").mkdir(exist_ok=True)
    (own_home / "runs" / "link").symlink_to(outside)
    assert client.get("/runs/link").status_code == 404


def test_a_card_of_data(client):
    text = client.get("/data/iris").text
    assert '<template shadowrootmode="open">' in text and "setosa" in text, text.partition("<main")[2][:800]
    assert "<h1>mnist</h1>" in client.get("/data/mnist").text  # not downloaded for a look
    assert client.get("/data/..%2f..").status_code == 404


def test_the_settings_of_marimo_are_ours(client, tmp_path, monkeypatch):
    """Neither a damaged file nor strange wishes of the person reach the site, and none is made."""
    config = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(config))
    assert '"theme": "system"' in client.get("/lessons/09-autograd/").text
    assert not config.exists()


def test_a_copy_for_experiments(learner, lessons):
    from torchbook.course.site.lab import copied

    first = copied(learner, "08", lessons=lessons)
    assert first == learner.folder / "lab" / "08_gradient_descent.py"
    first.write_text("mine")
    assert copied(learner, "8", lessons=lessons).name == "08_gradient_descent_2.py"
    assert first.read_text() == "mine"
    with pytest.raises(TorchbookError, match="lesson 03 is not written yet; written are 08, 09"):
        copied(learner, "03", lessons=lessons)
    with pytest.raises(TorchbookError, match="number of a lesson"):
        copied(learner, "eight", lessons=lessons)


def test_other_machines_need_a_token():
    from torchbook.course.site.command import learn

    with pytest.raises(TorchbookError, match="--token"):
        learn(host="0.0.0.0")


def test_a_taken_port_is_said_or_gone_around():
    import socket

    from torchbook.course.site.command import PORT, free_port

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(TorchbookError, match="is taken"):
            free_port("127.0.0.1", taken.getsockname()[1])
    assert free_port("127.0.0.1", None) >= PORT


def test_an_outline_says_title_minutes_and_headings(lessons):
    told = outline(lessons / "08_gradient_descent.py")
    assert (told.title, told.minutes) == ("Gradient descent", 12)
    assert [section.anchor for section in told.sections] == ["gradient-descent", "the-question"]
    assert "What does the thermometer measure" in told.sections[1].prose
    shutil.copy(lessons / "08_gradient_descent.py", lessons / "10_broken.py")
    (lessons / "10_broken.py").write_text("def (")
    assert outline(lessons / "10_broken.py").title == "Broken"


@pytest.mark.slow
def test_learn_starts_and_ends_cleanly(tmp_path, own_home):
    import signal
    import urllib.request

    source = "import sys; from torchbook.cli import main; sys.exit(main(sys.argv[1:]))"
    server = subprocess.Popen(
        [sys.executable, "-c", source, "learn", "--no-browser"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    said = [server.stderr.readline() for _ in range(3)]
    assert "workspace" in said[0] and "(new)" in said[0] and Path(own_home / "workspace").is_dir()
    address = said[1].split()[-1]
    while True:
        try:
            assert urllib.request.urlopen(address, timeout=5).status == 200
            break
        except OSError:
            assert server.poll() is None
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=30) == 0
    assert "Traceback" not in server.stderr.read()
    server.stderr.close()
