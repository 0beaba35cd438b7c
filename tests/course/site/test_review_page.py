"""Questions that come back after days: on the front page, and on a page of their own, not answered yet."""

import re
import time

from torchbook.course.learner import progress
from torchbook.course.texts.quiz import quizzes, read_quiz

ORIGIN = {"origin": "http://127.0.0.1:8008"}
DAY = 24 * 3600


def test_three_questions_come_back(client, learner):
    assert "Come back" not in client.get("/").text
    questions = read_quiz(quizzes()[9]).questions
    for place, question in enumerate(questions):
        at = time.time() - (10 - place) * DAY
        progress.record_answer(learner.database, 9, question.id, right=True, at=at)
    found = re.search(
        r'Come back: <a href="(/review/09\?q=[^"]+)">three questions of 09 Autograd</a>', client.get("/").text
    )
    page = client.get(found[1]).text
    assert "<h1>Three questions</h1>" in page and 'data-card="quiz"' in page
    with client.websocket_connect(f"ws://127.0.0.1:8008{found[1].replace('?', '/cards?')}", headers=ORIGIN) as line:
        line.send_json({"card": "questions", "do": "open"})
        fields = line.receive_json()["fields"]
    assert [each["id"] for each in fields["questions"]] == [each.id for each in questions[:3]]
    assert fields["marks"] == {}


def test_who_asks_for_no_question_finds_none(client):
    for address in ("/review/09", "/review/09?q=no", "/review/98?q=a", "/review/x"):
        assert client.get(address).status_code == 404
