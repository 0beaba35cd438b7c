import json
import re

import pytest

from torchbook.cli import main
from torchbook.tour import STOPS, brief


@pytest.mark.parametrize(
    ("count", "shown"), [(2, "2"), (650, "650"), (1280, "1.28 k"), (47_483_392, "47.5 M"), (10**9, "1 G")]
)
def test_counts_are_brief(count, shown):
    assert brief(count) == shown


@pytest.mark.slow
@pytest.mark.proven
@pytest.mark.timeout(900)
def test_the_tour_trains_all_stops_and_writes_a_page_that_needs_no_network(tmp_path, capsys):
    assert main(["tour", "--out", str(tmp_path), "--json"]) == 0
    data = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [result["recipe"] for result in data["recipes"]] == [stop[0] for stop in STOPS]
    measured = {result["recipe"]: result["test"] for result in data["recipes"]}
    assert measured["thermometer"]["mse"] == pytest.approx(2.9276, abs=1e-3)
    for recipe, least in (("logistic_regression", 0.88), ("mlp", 0.95), ("cnn", 0.96), ("resnet9", 0.95)):
        assert measured[recipe]["accuracy"] > least
    assert measured["gan"]["classes_covered"] >= 8
    page = (tmp_path / "report.html").read_text()
    assert not re.search(r"""(src|href|url)\s*[=(]\s*["']?(https?:)?//""", page)
    for part in ("<svg", "data:image/png;base64", 'class="confusion"', "epoch 1<"):
        assert part in page
