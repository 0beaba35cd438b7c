"""The cards of a document's page over their line to the server: no worker holds the lesson, no browser shows it."""

import json
import re

import pytest
from starlette.websockets import WebSocketDisconnect
from waiting import until

from torchbook.course.grading.exercise import exercises
from torchbook.course.learner import progress
from torchbook.course.site.document_completion import abilities, completion
from torchbook.course.texts.document import parsed
from torchbook.course.texts.quiz import quizzes, read_quiz
from torchbook.errors import TorchbookError

ORIGIN = {"origin": "http://127.0.0.1:8008"}
EXERCISE = next(exercise for exercise in exercises() if exercise.name == "slopes_by_autograd")
EXERCISE_ID, QUIZ_ID = "the-question-x1", "quiz-x1"


class Line:
    """A page's end of the line: the fields of its cards as they are now."""

    def __init__(self, socket):
        self.socket, self.fields, self.sent, self.completion = socket, {}, [], None

    def say(self, card, **message):
        self.socket.send_json({"card": card, **message})

    def until(self, done):
        """Takes what comes until it is done."""
        while not done(self):
            message = self.socket.receive_json()
            self.completion = message.get("completion", self.completion)
            self.fields.setdefault(message.get("card"), {}).update(message.get("fields", {}))
            self.sent += [message["message"]] if "message" in message else []


@pytest.fixture
def line(slopes, client):
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/70-slopes/cards", headers=ORIGIN) as socket:
        yield Line(socket)


def test_an_exercise_is_saved_and_checked_while_no_worker_holds_the_lesson(line, learner):
    line.say(EXERCISE_ID, do="open")
    line.until(lambda line: "head" in line.fields.get(EXERCISE_ID, {}))
    card = line.fields[EXERCISE_ID]
    assert card["text"] == EXERCISE.starter and "<math" in card["prompt"]

    line.say(EXERCISE_ID, do="save", text="typed = 1\n", base=card["text"])
    line.until(lambda line: line.sent)
    assert line.sent == [{"saved": "typed = 1\n", "kept": ""}]
    assert learner.answer(EXERCISE).read_text() == card["text"] == "typed = 1\n"

    learner.answer(EXERCISE).write_text("elsewhere = 1\n")
    line.until(lambda line: card["text"] == "elsewhere = 1\n")

    line.say(EXERCISE_ID, do="check", text=EXERCISE.solution, base="elsewhere = 1\n")
    line.until(lambda line: card["verdict"].get("passed"))
    assert card["verdict"]["insight"] and card["standing"]["passed"] and not card["checking"]


def test_two_pages_have_one_answer_and_what_was_typed_beside_it_is_kept(slopes, client, line, learner):
    address = "ws://127.0.0.1:8008/lessons/70-slopes/cards"
    with client.websocket_connect(address, headers=ORIGIN) as socket:
        other = Line(socket)
        for each in (line, other):
            each.say(EXERCISE_ID, do="open")
            each.until(lambda each: "head" in each.fields.get(EXERCISE_ID, {}))
        line.say(EXERCISE_ID, do="save", text="first = 1\n", base=EXERCISE.starter)
        other.until(lambda other: other.fields[EXERCISE_ID]["text"] == "first = 1\n")
        other.say(EXERCISE_ID, do="save", text="second = 2\n", base=EXERCISE.starter)
        other.until(lambda other: other.sent)
        assert other.sent[0]["saved"] == "first = 1\n"
        (kept,) = (learner.folder / "kept").iterdir()
        assert kept.read_text() == "second = 2\n" and other.sent[0]["kept"] == str(kept)


def test_a_check_is_recorded_though_its_page_is_closed(slopes, client, learner):
    with client.websocket_connect("ws://127.0.0.1:8008/lessons/70-slopes/cards", headers=ORIGIN) as socket:
        line = Line(socket)
        line.say(EXERCISE_ID, do="open")
        line.say(EXERCISE_ID, do="check", text=EXERCISE.solution, base=EXERCISE.starter)
        line.until(lambda line: line.fields.get(EXERCISE_ID, {}).get("checking"))
    until(lambda: EXERCISE.name in progress.passed(learner.database))


def test_a_lesson_that_is_done_says_what_one_can_do_now(slopes, line, learner, client):
    quiz = read_quiz(quizzes()[9])
    open_so_far = completion(slopes, learner)
    assert "0 of 1 exercises passed, 0 of" in open_so_far and 'class="completion is-open"' in open_so_far
    progress.record(learner.database, EXERCISE.name, "attempt", outcome="passed", fingerprint="a")
    for question in quiz.questions[1:]:
        progress.record_answer(learner.database, 9, question.id, right=True)
    line.say(QUIZ_ID, do="open")
    line.until(lambda line: "marks" in line.fields.get(QUIZ_ID, {}))
    first = quiz.questions[0]
    given = [i for i, option in enumerate(first.options) if option.right] or list(range(len(first.items)))
    line.say(QUIZ_ID, do="answer", question=first.id, given=given or str(first.answer))
    line.until(lambda line: line.completion)
    text = " ".join(re.sub(r"<[^>]+>", " ", line.completion).split())
    assert "ask for a gradient" in text and f"{len(quiz.questions)}" in text and "1" in text
    page = client.get("/lessons/70-slopes/").text
    assert line.completion in page and f"✓ {len(quiz.questions)} of {len(quiz.questions)} right" in page


def test_what_solves_an_exercise_is_folded_until_it_is_passed(slopes, client, learner):
    folded = '<details class="solved" data-exercise="slopes_by_autograd"><summary>Show what solves it</summary>'
    page = client.get("/lessons/70-slopes/").text
    assert folded in page and "6 minutes" in page
    progress.record(learner.database, EXERCISE.name, "attempt", outcome="passed", fingerprint="a")
    page = client.get("/lessons/70-slopes/").text
    assert folded not in page and 'data-exercise="slopes_by_autograd" open>' in page and "✓ passed · 1 try" in page


@pytest.mark.parametrize(
    "number, origin", [("98", ORIGIN["origin"]), ("x", ORIGIN["origin"]), ("70", "http://evil.example")]
)
def test_who_has_no_cards(slopes, client, number, origin):
    address = f"ws://127.0.0.1:8008/lessons/{number}/cards"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(address, headers={"origin": origin}) as socket,
    ):
        socket.receive_json()


def test_what_is_no_message_is_ignored(line):
    for text in ("[]", "no JSON", '{"card": ["a"]}', json.dumps({"card": EXERCISE_ID, "do": "hint"})):
        line.socket.send_text(text)
    line.say(QUIZ_ID, do="open")
    line.until(lambda line: line.fields)
    assert list(line.fields) == [QUIZ_ID]


def test_a_box_of_a_solution_names_an_exercise(tmp_path):
    file = tmp_path / "07_made.md"
    front = "---\ntitle: a\nline: b\n---\n"
    with pytest.raises(TorchbookError, match=r"07_made\.md:5: solved: expected the name of an exercise, got 'a b'"):
        parsed(f"{front}::: solved a b\ntext\n:::\n", file)
    assert abilities(parsed(f"{front}text\n", file)) == ""
