"""A run's model as a web service: the same answers as `predict`, and one line for what cannot be used."""

import io
import json

import pytest
from PIL import Image
from starlette.testclient import TestClient

from torchbook.errors import TorchbookError
from torchbook.guard import Guard
from torchbook.inference import predict
from torchbook.inference.serve import application
from torchbook.recipes.start import start
from torchbook.run import Run

TOKEN = "a long and secret word"


@pytest.fixture(scope="module")
def thermometer(tmp_path_factory):
    return Run.open(start("thermometer", folder=tmp_path_factory.mktemp("runs"))["run"])


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return Run.open(start("mlp", {"epochs": 1}, folder=tmp_path_factory.mktemp("runs"))["run"])


def guarded(run, **options):
    app = Guard(application(run), port=8008, largest=100_000, **options)
    return TestClient(app, base_url="http://127.0.0.1:8008")


def a_picture():
    content = io.BytesIO()
    Image.linear_gradient("L").save(content, "PNG")
    return content.getvalue()


def test_a_picture_gets_the_answer_of_predict(digits, tmp_path):
    (tmp_path / "wedge.png").write_bytes(a_picture())
    (expected,) = predict(digits, [tmp_path / "wedge.png"])
    answer = guarded(digits).post("/predict?name=wedge.png", content=a_picture())
    assert answer.json() == {"predictions": [expected | {"file": "wedge.png"}]}


def test_rows_get_the_answer_of_predict_as_csv_and_as_json(thermometer, tmp_path):
    (tmp_path / "rows.csv").write_text("reading,colour\n55.9,red\n21.8,blue\n")
    expected = [answer["values"] for answer in predict(thermometer, [tmp_path / "rows.csv"])]
    client = guarded(thermometer)
    as_csv = client.post("/predict?name=rows.csv", content=(tmp_path / "rows.csv").read_bytes()).json()
    as_json = client.post("/predict", json=[{"reading": 55.9}, {"colour": "blue", "reading": 21.8}]).json()
    assert as_csv == as_json
    assert [answer["values"] for answer in as_csv["predictions"]] == expected
    assert client.post("/predict", json={"reading": 55.9}).json()["predictions"] == as_json["predictions"][:1]


def test_it_says_what_it_takes(thermometer, digits):
    about = guarded(thermometer).get("/model").json()
    assert about["columns"] == ["reading"] and about["targets"] == ["celsius"]
    about = guarded(digits).get("/model").json()
    assert about["takes"] == "a picture, which is brought to 8 x 8 pixels, grey"
    assert about["classes"] == [str(digit) for digit in range(10)]
    assert "a picture, which is brought to 8 x 8 pixels, grey" in guarded(digits).get("/").text


@pytest.mark.parametrize(
    ("address", "content", "message"),
    [
        ("/predict", b"x", "the address must name the file whose content is sent: /predict?name=photo.jpg"),
        ("/predict?name=x.png", b"x", "x.png cannot be read as a picture"),
        ("/predict?name=", b"x", "the address must name the file"),
        ("/predict?name=..", b"x", "the address must name the file"),
        ("/predict?name=a%00b.png", b"", "a_b.png cannot be read"),
        (f"/predict?name={'long' * 200}.png", b"x", "long.png cannot be read"),
        ("/predict?name=../../up.csv", b"reading\n3\n", "up.csv cannot be read as a picture"),
        ("/predict?name=rows.npy", b"x", "rows.npy is a file of arrays"),
    ],
)
def test_what_cannot_be_used_is_answered_in_one_line(digits, address, content, message):
    answer = guarded(digits).post(address, content=content)
    assert answer.status_code == 400 and message in answer.json()["error"]
    assert "/tmp" not in answer.json()["error"] and "\n" not in answer.json()["error"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "the body is no JSON"),
        ("[" * 100_000, "the body is no JSON"),
        ("[]", "expected a list of rows"),
        ("[3]", "expected a list of rows"),
        ("{}", "expected a list of rows"),
        ('{"value": 3}', "rows.csv has no column 'reading'"),
        ('{"reading": "warm"}', "rows.csv, row 1: expected a number"),
        ('{"reading": null}', "rows.csv, row 1: expected a number"),
    ],
)
def test_json_that_cannot_be_used_is_answered_in_one_line(thermometer, content, message):
    headers = {"content-type": "application/json"}
    answer = guarded(thermometer).post("/predict", content=content, headers=headers)
    assert answer.status_code == 400 and message in answer.json()["error"]


def test_only_this_machine_and_those_with_the_token_are_let_in(thermometer):
    rows = json.dumps([{"reading": 55.9}])
    headers = {"content-type": "application/json"}
    for foreign in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
        assert guarded(thermometer).post("/predict", content=rows, headers=headers | foreign).status_code == 403
    client = guarded(thermometer, token=TOKEN)
    assert client.post("/predict", content=rows, headers=headers).status_code == 403
    for word, status in ((TOKEN, 200), ("another long word", 403)):
        borne = headers | {"authorization": f"Bearer {word}"}
        assert client.post("/predict", content=rows, headers=borne).status_code == status


def test_a_body_has_an_end(digits):
    answer = guarded(digits).post("/predict?name=x.png", content=bytes(100_001))
    assert answer.status_code == 413 and answer.json() == {"error": "a request has at most 100,000 bytes"}


def test_a_generator_is_not_served(tmp_path):
    run = Run.open(start("gan", {"epochs": 1, "hidden": 16}, folder=tmp_path)["run"])
    with pytest.raises(TorchbookError, match="makes pictures and says nothing of one"):
        application(run)
