"""What the rubric of the first model says of runs that only look like a project."""

import json
import os
import shutil
import types
from dataclasses import replace

import pytest
import torch

from torchbook import Run, Split, evaluate, final_test, fit, train
from torchbook.course.grading.behaviour import authored
from torchbook.course.learner.project import find_project
from torchbook.course.texts.document_rubric import rubric_source
from torchbook.storage import digest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PROJECT = find_project("P2")
solution = authored(PROJECT.file.with_suffix("") / "train.py", "train")
rubric = types.ModuleType("rubric")
exec(compile(rubric_source(PROJECT), str(PROJECT.file), "exec"), rubric.__dict__)


@pytest.fixture(scope="module")
def solved(tmp_path_factory, measured_machine):
    """The home with the model solution's pictures, the folder of its runs, and the name of the chosen one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    home, folder = tmp_path_factory.mktemp("drawn"), tmp_path_factory.mktemp("solved")
    for file in measured_machine.glob("*.json"):
        shutil.copy(file, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TORCHBOOK_HOME", str(home))
        yield home, folder, solution.train(folder).name
    torch.set_num_threads(threads)


@pytest.fixture
def runs(solved, tmp_path, monkeypatch):
    """A copy of these runs, to spoil."""
    home, made, chosen = solved
    monkeypatch.setenv("TORCHBOOK_HOME", str(home))
    folder = tmp_path / "runs"
    shutil.copytree(made, folder)
    return types.SimpleNamespace(folder=folder, chosen=folder / chosen)


@pytest.fixture
def dataset(runs):
    return solution.load(solution.DATA, seed=solution.SEED)


def judged(folder, criterion):
    return getattr(rubric, criterion)(Run.open(folder))


def new_run(runs, dataset, *, model="linear", tested=False, **choices):
    """Trains one more attempt for an epoch, without much ado."""
    chosen = {"data": solution.DATA, "seed": solution.SEED, "model": {"name": model}} | choices
    run, task = Run.create("first_model", chosen, folder=runs.folder), solution.task_of(dataset, {"name": model})
    fit(run, task, dataset, dataset.batches("train", size=500), epochs=1)
    if tested:
        final_test(run, task, dataset)
    run.close()
    return run


def written(folder, name, content, *, noted=True):
    """Writes a file of a run by hand, and its checksum too where somebody thinks of it."""
    (folder / name).write_bytes(content)
    if noted:
        checksums = json.loads((folder / "checksums.json").read_text())
        (folder / "checksums.json").write_text(json.dumps(checksums | {name: [digest(content)]}))


def test_fewer_than_three_choices_are_no_attempts(runs):
    assert judged(runs.chosen, "three_attempts").finding == "met"
    others = [folder for folder in runs.folder.iterdir() if folder != runs.chosen]
    shutil.rmtree(others[0])
    for number in (1, 2):  # the same again under another name
        shutil.copytree(others[1], runs.folder / f"copy-{number}")
    judgement = judged(runs.chosen, "three_attempts")
    assert judgement.finding == "not met" and "with 2 different choices" in judgement.sentence


def test_a_choice_that_is_only_written_down_changes_no_weights(runs):
    copy = runs.folder / "copy"
    shutil.copytree(runs.chosen, copy)
    about = json.loads((copy / "recipe.json").read_text())
    about["arguments"]["luck"] = True
    written(copy, "recipe.json", json.dumps(about).encode())
    assert "changes nothing" in judged(runs.chosen, "three_attempts").sentence


def test_a_worse_attempt_is_not_the_one_to_choose(runs):
    worse = next(folder for folder in sorted(runs.folder.iterdir()) if folder != runs.chosen)
    judgement = judged(worse, "chosen_by_the_validation_set")
    assert judgement.finding == "not met" and runs.chosen.name in judgement.sentence


def test_logistic_regression_does_not_beat_itself(runs):
    linear = next(
        folder for folder in runs.folder.iterdir() if Run.open(folder).about["arguments"]["model"] == {"name": "linear"}
    )
    assert judged(linear, "beats_the_majority").finding == "met"
    judgement = judged(linear, "beats_logistic_regression")
    assert judgement.finding == "not met" and "examples; more than" in judgement.sentence


def test_a_test_set_that_was_opened_twice_is_noticed(runs, dataset):
    assert judged(runs.chosen, "test_set_opened_once").finding == "met"
    late = new_run(runs, dataset)
    os.utime(runs.chosen / "result.json", (0, 0))  # the test set was opened long before
    judgement = judged(runs.chosen, "test_set_opened_once")
    assert judgement.finding == "not met" and late.path.name in judgement.sentence
    # The same pictures behind another count, as a recipe would have been trained.
    more = solution.load("handwriting?count=600", seed=solution.SEED)
    other = new_run(runs, more, data="handwriting?count=600", tested=True)
    assert f"opened for {other.path.name} too" in judged(runs.chosen, "test_set_opened_once").sentence


def test_who_learns_from_the_validation_set_is_found_out(runs, dataset):
    both = Split(
        torch.cat([dataset.train.inputs, dataset.valid.inputs]), torch.cat([dataset.train.labels, dataset.valid.labels])
    )
    run = new_run(runs, replace(dataset, train=both), model="quick")
    judgement = judged(run.path, "learned_from_the_training_set")
    assert judgement.finding == "not met" and "other examples than the training set" in judgement.sentence


def test_numbers_written_by_hand_are_measured_again(runs):
    result = json.loads((runs.chosen / "result.json").read_text())
    result["test"]["accuracy"] = 0.999
    written(runs.chosen, "result.json", json.dumps(result).encode())
    assert "Its result says 99.9%" in judged(runs.chosen, "test_set_opened_once").sentence

    log = (runs.chosen / "log.jsonl").read_bytes().replace(b'"valid_accuracy": 0.', b'"valid_accuracy": 1.')
    written(runs.chosen, "log.jsonl", log, noted=False)
    assert "no line of its log says so" in judged(runs.chosen, "learned_from_the_training_set").sentence

    (runs.chosen / "checksums.json").unlink()
    assert judged(runs.chosen, "beats_the_majority").finding == "not met"


def test_a_training_that_stopped_too_early_or_went_on_too_long_is_left_open(runs, dataset):
    assert judged(runs.chosen, "no_diagnosis_is_open").finding == "met"
    run = Run.create("first_model", {"data": solution.DATA, "seed": solution.SEED}, folder=runs.folder)
    task = solution.task_of(dataset, {"name": "mlp", "hidden": (16,)})
    for report in train(task, dataset.batches("train", size=1000), epochs=4, run=run):
        run.log(report, evaluate(task, dataset.batches("valid", size=500)))
    from torchbook.training.fit import describe

    describe(run, task, dataset)
    run.close()
    assert "Stopped too early" in judged(run.path, "no_diagnosis_is_open").sentence

    entries = [json.loads(line) for line in (runs.chosen / "log.jsonl").read_text().splitlines()]
    entries[0]["valid_loss"] = 0.5 * min(entry["valid_loss"] for entry in entries)
    log = "\n".join(map(json.dumps, entries)) + "\n"
    written(runs.chosen, "log.jsonl", log.encode(), noted=False)
    assert "Overfitting: since epoch 1" in judged(runs.chosen, "no_diagnosis_is_open").sentence


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        ("good " * 300 + "90.4 91.6", "1 different words"),
        ("", "0 different words"),
        (None, "no report yet"),
    ],
)
def test_a_report_needs_words_of_its_own(runs, report, sentence):
    assert judged(runs.chosen, "the_report_is_clear").finding == "a person must judge"
    (runs.chosen / "report.md").unlink()
    if report is not None:
        (runs.chosen / "report.md").write_text(report)
    judgement = judged(runs.chosen, "the_report_is_clear")
    assert judgement.finding == "not met" and sentence in judgement.sentence


def test_a_report_says_what_was_measured(runs):
    words = (runs.chosen / "report.md").read_text()
    (runs.chosen / "report.md").write_text("".join(sign for sign in words if not sign.isdigit()))
    assert "does not say the accuracy on the validation set" in judged(runs.chosen, "the_report_is_clear").sentence


def test_quantities_are_another_project(tmp_path):
    data = solution.load("thermometer")
    run = Run.create("first_model", {"data": "thermometer"}, folder=tmp_path)
    model = solution.build("linear", sample_shape=data.sample_shape, outputs=1)
    task = solution.Supervised(model, torch.optim.SGD(model.parameters(), lr=0.01), loss=torch.nn.functional.mse_loss)
    fit(run, task, data, data.batches("train", size=8), epochs=1)
    run.close()
    assert "these data are for regression" in judged(run.path, "beats_the_majority").sentence
