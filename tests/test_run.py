import json
import pickle
import re
import subprocess
import sys

import pytest
import torch
from torch import nn

from torchbook import Batches, Run, Supervised, TorchbookError, train
from torchbook.device import FLOAT32
from torchbook.inference.predict import load_model
from torchbook.recipes import start


def trained(folder, **options):
    inputs = torch.randn(40, 4, generator=torch.Generator().manual_seed(0))
    batches = Batches(inputs, (inputs[:, 0] > 0).long(), size=8, shuffle=True)
    model = nn.Linear(4, 2)
    task = Supervised(model, torch.optim.Adam(model.parameters(), lr=0.01))
    run = Run.create("own", {"data": "drawn"}, folder=folder, **options)
    for report in train(task, batches, epochs=2, run=run):
        run.log(report, {"accuracy": 0.1 * report.epoch})
    return run, task, batches


def test_a_run_is_a_folder_that_anyone_can_read(tmp_path):
    run, task, _ = trained(tmp_path)
    about = json.loads((run.path / "recipe.json").read_text())
    assert about["recipe"] == "own" and about["arguments"] == {"data": "drawn"} and about["choice"]["reason"]
    assert [entry["valid_accuracy"] for entry in run.entries()] == [0.1, 0.2]
    assert about["epochs"] == 2
    assert torch.equal(run.weights()["model.weight"], task.model.weight)
    assert run.path.name == "own-1" and trained(tmp_path)[0].path.name == "own-2"


def test_the_card_writes_a_measure_as_the_terminal_does(tmp_path):
    run, _, _ = trained(tmp_path)
    run.finish({"test": {"accuracy": 0.98144, "loss": 0.06123}, "baseline": {"accuracy": 0.1}})
    card = (run.path / "card.md").read_text()
    assert "test set: accuracy 98.1 %, loss 0.06123\n" in card and "inputs: accuracy 10.0 %" in card


def test_it_is_found_by_name_and_by_path(own_home):
    run, _, _ = trained(None, name="mine")
    assert Run.open("mine").path == run.path == Run.open(run.path).path == own_home / "runs" / "mine"


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "x\n", "n" * 300])
def test_a_name_is_no_path(tmp_path, name):
    with pytest.raises(TorchbookError, match=r"a run's name (is letters|has at most 100)"):
        Run.create("own", folder=tmp_path, name=name)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken(tmp_path):
    trained(tmp_path, name="mine")
    with pytest.raises(TorchbookError, match="is there already; go on with `torchbook resume"):
        Run.create("own", folder=tmp_path, name="mine")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("file", ["state.pt", "model.safetensors"])
@pytest.mark.parametrize("damage", ["cut", "flip", "other", "empty"])
def test_a_damaged_file_is_refused_and_nothing_is_overwritten(tmp_path, file, damage):
    run, task, batches = trained(tmp_path)
    run.close()
    path = run.path / file
    content = path.read_bytes()
    damaged = {
        "cut": content[:-100],
        "flip": content[:-20] + bytes([content[-20] ^ 1]) + content[-19:],
        "other": b"hello",
        "empty": b"",
    }[damage]
    path.write_bytes(damaged)
    before = {p.name: p.read_bytes() for p in run.path.iterdir()}
    opened = Run.open(run.path)
    with pytest.raises(TorchbookError, match=f"{file} was damaged or changed"):
        if file == "state.pt":
            list(train(task, batches, epochs=5, run=opened))
        else:
            opened.load_weights(task.modules())
    assert {p.name: p.read_bytes() for p in run.path.iterdir()} == before


def test_a_file_that_would_execute_code_is_never_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "evil"), "w"))

    run, task, batches = trained(tmp_path / "runs")
    run.close()
    import io

    buffer = io.BytesIO()
    torch.save({"format": 1, "task": Evil()}, buffer)
    run._write_checked("state.pt", buffer.getvalue())
    with pytest.raises(TorchbookError, match="damaged"):
        list(train(task, batches, epochs=5, run=Run.open(run.path)))
    run._write_checked("state.pt", pickle.dumps(Evil()))
    with pytest.raises(TorchbookError, match="damaged"):
        list(train(task, batches, epochs=5, run=Run.open(run.path)))
    assert not (tmp_path / "evil").exists()


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    run, _, batches = trained(tmp_path)
    run.close()
    log = (run.path / "log.jsonl").read_bytes()
    other = nn.Linear(4, 3)
    task = Supervised(other, torch.optim.Adam(other.parameters(), lr=0.1))
    with pytest.raises(TorchbookError, match=r"state\.pt belongs to another model"):
        list(train(task, batches, epochs=5, run=Run.open(run.path)))
    with pytest.raises(TorchbookError, match="belongs to another model"):
        Run.open(run.path).load_weights({"model": other})
    assert (run.path / "log.jsonl").read_bytes() == log


def test_a_newer_format_is_refused(tmp_path):
    run, task, batches = trained(tmp_path)
    state = torch.load(run.path / "state.pt", weights_only=True)
    run.save_state(dict(state.items()))
    import io

    buffer = io.BytesIO()
    torch.save(state | {"format": 99}, buffer)
    run._write_checked("state.pt", buffer.getvalue())
    with pytest.raises(TorchbookError, match="newer torchbook"):
        list(train(task, batches, epochs=5, run=run))
    run._tell(format=99)
    with pytest.raises(TorchbookError, match="newer torchbook"):
        Run.open(run.path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe"])
def test_a_damaged_description_is_refused(tmp_path, content):
    run, _, _ = trained(tmp_path)
    (run.path / "recipe.json").write_bytes(content)
    with pytest.raises(TorchbookError, match=r"recipe\.json was damaged or changed"):
        Run.open(run.path)
    # An earlier torchbook noted no checksum of it.
    (run.path / "checksums.json").unlink()
    with pytest.raises(TorchbookError, match=r"recipe\.json is damaged"):
        Run.open(run.path)


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("recipe.json", lambda about: about["arguments"].update(data="another")),
        ("model.json", lambda about: about["card"]["classes"].reverse()),
        ("model.json", lambda about: about["card"].update(mean=[9.3])),
        ("result.json", lambda about: about["test"].update(accuracy=0.99)),
    ],
)
def test_a_changed_digit_is_no_silently_wrong_model(tmp_path, file, damage):
    run = Run.open(start("mlp", {"data": "digits", "epochs": 1, "hidden": (8,)}, folder=tmp_path)["run"])
    about = json.loads((run.path / file).read_text())
    damage(about)
    (run.path / file).write_text(json.dumps(about))
    with pytest.raises(TorchbookError, match=rf"{re.escape(file)} was damaged or changed since it was written"):
        load_model(Run.open(run.path)), Run.open(run.path).result


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"recipe": "own", "arguments": {}}, "it has no 'format'"),
        ({"format": 1, "recipe": "own", "arguments": []}, "'arguments' must be an object, got a list"),
        (
            {"format": 1, "recipe": "own", "arguments": {}, "choice": {"device": 1}},
            "'device' must be a text, got 1",
        ),
        ({"format": 1, "recipe": "own", "arguments": {}, "created": 5}, "'created' must be a text, got 5"),
    ],
)
def test_a_description_of_another_shape_is_named(tmp_path, about, message):
    (tmp_path / "recipe.json").write_text(json.dumps(about))
    with pytest.raises(TorchbookError, match=r"recipe\.json is damaged: ") as raised:
        Run.open(tmp_path)
    assert message in str(raised.value)
    (tmp_path / "recipe.json").write_text(json.dumps({"format": 1, "recipe": "own", "arguments": {}}))
    with pytest.raises(TorchbookError, match=r"recipe\.json is damaged: .*missing.*'device'"):
        assert Run.open(tmp_path).choice


def test_a_model_described_with_a_deviation_of_zero_is_refused(tmp_path):
    run = Run.open(start("mlp", {"data": "digits", "epochs": 1, "hidden": (8,)}, folder=tmp_path)["run"])
    about = json.loads((run.path / "model.json").read_text())
    about["card"]["std"] = [0.0]
    run._write_checked("model.json", json.dumps(about).encode())
    with pytest.raises(TorchbookError, match=r"model\.json is damaged: an item of 'std' must be a number from 1e-30"):
        load_model(run)


def test_what_a_killed_process_had_begun_to_write_goes_when_the_run_is_taken_up(tmp_path):
    run, _, _ = trained(tmp_path)
    run.close()
    left = run.path / ".state.pt.abcd1234.part"
    left.write_bytes(b"half a checkpoint")
    Run.open(run.path)
    assert left.exists()  # another process may be writing it
    again = Run.open(run.path)
    again.lock()
    assert not left.exists() and (run.path / "state.pt").exists()
    again.close()


@pytest.mark.slow
@pytest.mark.proven
def test_two_processes_do_not_write_the_same_run(tmp_path):
    run, _, _ = trained(tmp_path)
    code = f"from torchbook import Run; Run.open({str(run.path)!r}).lock()"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.returncode == 1 and "another process is writing the run" in said.stderr
    run.close()
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_children_are_free_once_their_run_is_closed(tmp_path):
    run = Run.create("points", folder=tmp_path, choice=FLOAT32)
    child = run.child("linear")
    with pytest.raises(TorchbookError, match="another process is writing"):
        Run.open(child.path).lock()
    run.close()
    again = Run.open(child.path)
    again.lock()
    again.close()


@pytest.mark.slow
@pytest.mark.proven
def test_many_processes_make_runs_in_one_folder(tmp_path):
    """Each looks for what others left unfinished while these rename what they have just made."""
    code = (
        "from torchbook import Run; from torchbook.device import FLOAT32\n"
        f"for _ in range(30): Run.create('mlp', folder={str(tmp_path)!r}, choice=FLOAT32).close()"
    )
    together = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
    assert [process.communicate()[1].decode() for process in together] == [""] * 3
    assert len(list(tmp_path.glob("mlp-*"))) == 90


def test_what_a_crash_left_of_a_line_is_no_entry(tmp_path):
    run, _, _ = trained(tmp_path)
    before = run.entries()
    assert before
    log = run.path / "log.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"epoch": 9, "lo')
    assert run.entries() == before
    assert not run.oddities


def test_an_odd_line_of_the_log_costs_that_one(tmp_path):
    run, _, _ = trained(tmp_path)
    before, log = run.entries(), run.path / "log.jsonl"
    whole = log.read_bytes()
    for odd in (b"\0\0", b'"x"', b"{}", b"null", b'{"epoch": "two"}'):
        log.write_bytes(odd + b"\n" + whole)
        assert run.entries() == before
        (message,) = run.oddities
        assert message.startswith(f"line 1 of {log} is damaged") and message.endswith("it is left out")
    log.write_bytes(whole.replace(b'"valid_accuracy": 0.1', b'"valid_accuracy": 0.9', 1))
    assert len(run.entries()) == len(before)
    assert run.oddities == [f"{log} was damaged or changed since it was written (its checksum differs)"]
    log.write_bytes(whole)
    assert run.entries() == before and not run.oddities


def test_a_crash_between_the_two_writes_of_a_checkpoint_loses_nothing(tmp_path, monkeypatch):
    run, _task, _batches = trained(tmp_path)
    before = (run.path / "state.pt").read_bytes()
    from torchbook import run as module

    write = module.write_atomically

    def dies(path, content):
        if path.name == "state.pt":
            raise RuntimeError("power cut")
        write(path, content)

    state = torch.load(run.path / "state.pt", weights_only=True)
    for reopened in (False, True):
        monkeypatch.setattr(module, "write_atomically", dies)
        for seconds in (1e8, 1e9, 1e10):
            with pytest.raises(RuntimeError):
                run.save_state(state | {"seconds": seconds})
            assert (run.path / "state.pt").read_bytes() == before
            assert run.load_state() is not None
            if reopened:
                run = Run.open(run.path)
    monkeypatch.setattr(module, "write_atomically", write)
    run.save_state(state | {"seconds": 1e9})
    assert run.load_state()["seconds"] == 1e9


def test_what_was_never_trained_leaves_no_folder(tmp_path):
    with pytest.raises(TorchbookError):
        start("mlp", {"learning_rate": -1.0}, folder=tmp_path)
    with pytest.raises(TorchbookError):
        start("mlp", {"data": "nothing"}, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_opening_what_is_not_there(tmp_path):
    with pytest.raises(TorchbookError, match="there is no run 'nothing'"):
        Run.open("nothing")


def reports(run, measures, **options):
    """Logs these measures, one after the other, of a training whose weights are its number of steps."""
    inputs = torch.randn(40, 4, generator=torch.Generator().manual_seed(0))
    batches = Batches(inputs, (inputs[:, 0] > 0).long(), size=40)
    model = nn.Linear(4, 2)
    task = Supervised(model, torch.optim.SGD(model.parameters(), lr=0.01))
    kept = []
    for report, measured in zip(train(task, batches, epochs=len(measures), run=run), measures, strict=True):
        run.log(report, measured)
        kept.append(torch.equal(run.weights()["model.weight"], model.weight))
    return kept


@pytest.mark.parametrize(("larger", "best", "since"), [(True, 0.9, 2), (False, 0.2, 1)])
def test_any_measure_says_which_weights_are_the_best(tmp_path, larger, best, since):
    run = Run.create("own", folder=tmp_path, watch="f1", larger=larger)
    values = [0.5, 0.9, 0.2, 0.7]
    kept = reports(run, [{"f1": value, "loss": 9.0 - n, "accuracy": 0.5} for n, value in enumerate(values)])
    assert kept == ([True, True, False, False] if larger else [True, False, True, False])
    assert (run.best, run.epochs_since_best) == (best, since)
    run.close()
    again = Run.open(run.path)
    state = again.load_state()
    assert again.about["watch"] == "f1" and state is not None


def test_a_measure_that_is_watched_must_be_there(tmp_path):
    run = Run.create("own", folder=tmp_path, watch="f1")
    with pytest.raises(TorchbookError, match="watches 'f1', but the measures are accuracy, loss; give one of them"):
        reports(run, [{"accuracy": 0.5, "loss": 1.0}])


@pytest.mark.parametrize(
    ("measures", "instead", "best"),
    [
        ({"jaccard": 0.5, "loss": 1.0}, "the loss says which weights are kept", 1.0),
        ({"jaccard": 0.5}, "the last weights are", None),
    ],
)
def test_a_measure_nobody_knows_is_said_once(tmp_path, measures, instead, best):
    run = Run.create("own", folder=tmp_path)
    message = f"whether a larger jaccard is better, so {instead}.*watch='jaccard', larger=True"
    with pytest.warns(UserWarning, match=message) as said:
        reports(run, [measures] * 3)
    assert len(said) == 1 and "\n" not in str(said[0].message)
    assert run.best == best


def test_what_is_known_needs_no_word(tmp_path):
    for measures in ({"accuracy": 0.5, "cross_entropy": 1.0, "loss": 1.0, "count": 3}, {"loss": 1.0}, {"mse": 1.0}, {}):
        reports(Run.create("own", folder=tmp_path), [measures])
