"""Trainings that a page begins: a process of its own, how it stands, its end."""

import json
import re
import subprocess
import sys

from waiting import until

from torchbook.course.site import curves


def ended(client, run):
    """Waits until a training has ended, which may take minutes on a busy machine; gives how it stands."""
    return until(lambda: (about := client.get(f"/trainings/{run}").json())["state"] != "running" and about, 250)


def test_a_recipe_is_trained_by_a_button_and_its_run_is_linked(client, own_home):
    assert 'data-recipe="thermometer"' in client.get("/recipes").text
    begun = client.post("/trainings/thermometer")
    assert begun.status_code == 201
    run = begun.json()["run"]
    about = ended(client, run)
    assert about["state"] == "finished" and about["address"] == f"/runs/{run}", about
    assert client.get(about["address"]).status_code == 200
    assert json.loads((own_home / "runs" / run / "recipe.json").read_text())["recipe"] == "thermometer"


def test_one_is_trained_at_a_time_and_can_be_stopped(client):
    run = client.post("/trainings/gan").json()["run"]
    second = client.post("/trainings/mlp")
    assert second.status_code == 409 and "gan" in second.json()["error"]
    # The recipe decides how many epochs there are; the page says of how many it is one.
    until(lambda: re.match(r"epoch [1-9]\d* of [1-9]\d+ · ", client.get(f"/trainings/{run}").json()["line"]), 200)
    client.post(f"/trainings/{run}/stop")
    assert ended(client, run)["state"] == "stopped"
    assert client.post("/trainings/unknown").status_code == 404
    assert client.get("/trainings/unknown").status_code == 404


def test_a_foreign_page_begins_no_training(client):
    answer = client.post("/trainings/cnn", headers={"origin": "http://elsewhere.example"})
    assert answer.status_code == 403


def test_the_last_line_of_a_log_in_words():
    entries = [{"epoch": 1, "loss": 2.0}, {"epoch": 3, "loss": 0.21234, "valid_accuracy": 0.9368}]
    assert curves.summary(entries, 10) == "epoch 3 of 10 · loss 0.2123 · validation accuracy 93.7 %"
    assert curves.summary([], 10) == ""


def test_one_colour_has_one_meaning():
    rows = [{"epoch": n, "loss": 1 / n, "valid_loss": 1.1 / n, "valid_accuracy": 0.9} for n in (1, 2, 3)]
    loss, accuracy = (curves.curve([series], "r") for series in curves.series_of(rows, all_of_them=True))
    assert 'fill="var(--orange)" font-size="12">validation' in loss
    assert 'fill="var(--orange)" font-size="12">validation' in accuracy and "var(--blue)" not in accuracy


def test_a_curve_is_drawn_without_torch():
    code = (
        "import sys; from torchbook.course.site.curves import curve, series_of;"
        "assert curve(series_of([{'epoch': 1, 'loss': 2.0}, {'epoch': 2, 'loss': 1.0}]), 'first');"
        "assert not {'torch', 'numpy', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
