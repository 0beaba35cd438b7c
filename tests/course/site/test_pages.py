"""Terms, runs and data sets as pages."""

import json

import pytest
from waiting import until

from torchbook.cli import main


def test_terms(client):
    text = client.get("/glossary/softmax").text
    assert '<math display="block"' in text and "/static/faces.css" in text
    assert client.get("/glossary/Softmax", follow_redirects=False).headers["location"] == "/glossary/softmax"
    missing = client.get("/glossary/sofmax")
    assert missing.status_code == 404 and 'href="/glossary/softmax"' in missing.text
    assert "<script>" not in client.get("/glossary/<script>").text.partition("<main")[2]


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
    assert "from 1 to 0.3333" in text and "<strong>90 %</strong>" in text and "<script>alert" not in text
    assert client.get("/runs/first%20one/pictures/epoch-0001.png").status_code == 200
    assert client.get("/runs/first%20one/pictures/notes.html").status_code == 404


ODD_RUNS = {
    "recipe.json": ["{", "[]", '{"format": 1}', "[" * 100_000, '{"format": 1, "recipe": "mlp", "arguments": []}'],
    "result.json": ['{"test": "x"}', "[]", '{"seconds": "long"}', "\\xff"],
    "log.jsonl": ['"x"\n', "{}\n", "null\n", '{"epoch": 1, "loss": 1e999}\n' * 3],
}


@pytest.mark.parametrize(("file", "content"), [(file, each) for file, many in ODD_RUNS.items() for each in many])
def test_one_odd_run_hides_no_other(client, own_home, capsys, file, content):
    about = {"format": 1, "recipe": "mlp", "arguments": {"data": "digits"}, "created": "2026-01-02T03:04"}
    for name in ("good", "odd"):
        (own_home / "runs" / name).mkdir(parents=True)
        (own_home / "runs" / name / "recipe.json").write_text(json.dumps(about))
    (own_home / "runs" / "odd" / file).write_text(content)
    page, alone = client.get("/runs"), client.get("/runs/odd")
    assert (page.status_code, alone.status_code) == (200, 200) and 'href="/runs/good"' in page.text
    assert main(["runs", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert "good" in [row["name"] for row in answer["runs"]]
    if file != "log.jsonl" or "loss" not in content:
        (line,) = answer["unread"]
        assert "odd" in line and "damaged" in line and "damaged" in page.text and "damaged" in alone.text


def test_a_run_with_a_name_of_any_length(client):
    for length in (200, 255, 256, 300, 5000):
        assert client.get("/runs/" + "n" * length).status_code == 404


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
    text = until(lambda: text if "<template" in (text := client.get("/data/iris").text) else "")
    assert '<template shadowrootmode="open">' in text and "setosa" in text, text.partition("<main")[2][:800]
    assert "<h1>mnist</h1>" in client.get("/data/mnist").text  # not downloaded for a look
    assert client.get("/data/..%2f..").status_code == 404
