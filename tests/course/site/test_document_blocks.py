"""Changed blocks reach the workspace and come back, and a page with a damaged file is a page all the same."""

import json
import re

import pytest

from torchbook.course.texts.document import labelled_document
from torchbook.course.texts.document_parts import Cell

ADDRESS = "/lessons/09-autograd/blocks"


def stored(client):
    """What the page of lesson 09 knows of the workspace."""
    text = client.get("/lessons/09-autograd/").text
    return json.loads(re.search(r'id="changed-blocks">(.*?)</script>', text)[1])


def test_a_changed_block_is_there_at_the_next_visit(client, learner):
    assert stored(client) == {}
    text = "import torch\n'</script>'"
    assert client.put(ADDRESS, json={"cell": "top-c1", "text": text, "ran": None, "base": None}).status_code == 200
    assert stored(client) == {"top-c1": {"text": text, "ran": None, "renewed": False}}
    refused = client.put(ADDRESS, json={"cell": "top-c1", "text": "other", "base": None})
    assert refused.status_code == 409 and refused.json() == {"text": text}
    file = learner.folder / "blocks" / "09.json"
    rows = json.loads(file.read_text())
    file.write_text(json.dumps({"top-c1": rows["top-c1"] | {"original": "older"}, "gone": rows["top-c1"]}))
    assert stored(client) == {"top-c1": {"text": text, "ran": None, "renewed": True}}
    assert client.put(ADDRESS, json={"cell": "top-c1", "text": None, "base": text}).status_code == 200
    assert stored(client) == {} and "gone" in file.read_text()
    file.write_text("{")
    assert stored(client) == {}


def test_what_was_changed_is_not_put_into_a_hidden_block(client, learner):
    document = labelled_document("09")
    hidden = next(part for part in document.flat if isinstance(part, Cell) and part.kind == "hidden")
    assert client.put(ADDRESS, json={"cell": hidden.id, "text": "1", "base": None}).status_code == 404
    file = learner.folder / "blocks" / "09.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({hidden.id: {"text": "1", "ran": "1", "original": "older"}}))
    assert stored(client) == {}


@pytest.mark.parametrize(
    "body, status",
    [
        (b"{", 400),
        (b"[]", 400),
        (b"{}", 400),
        (b'{"cell": "top-c99", "text": "1"}', 404),
        (b'{"cell": ["top-c1"], "text": "1"}', 400),
        (b'{"cell": "top-c1", "text": 1}', 400),
        (json.dumps({"cell": "top-c1", "text": "x" * 100_001}).encode(), 400),
        (b'{"cell": "top-c1", "text": "\\ud800", "base": null}', 200),
    ],
)
def test_what_no_page_sends_is_refused(client, body, status):
    assert client.put(ADDRESS, content=body).status_code == status


def test_another_site_and_another_lesson(client):
    body = {"cell": "top-c1", "text": "1"}
    assert client.put(ADDRESS, json=body, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.put("/lessons/98-none/blocks", json=body).status_code == 404
