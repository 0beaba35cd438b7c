import json
import pickle
import subprocess
import sys

import pytest
import torch
from torch import nn

from torchbook import Batches, Run, Supervised, TorchbookError, train
from torchbook.device import FLOAT32


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
    assert torch.equal(run.weights()["model.weight"], task.model.weight)
    assert run.path.name == "own-1" and trained(tmp_path)[0].path.name == "own-2"


def test_it_is_found_by_name_and_by_path(own_home):
    run, _, _ = trained(None, name="mine")
    assert Run.open("mine").path == run.path == Run.open(run.path).path == own_home / "runs" / "mine"


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "x\n"])
def test_a_name_is_no_path(tmp_path, name):
    with pytest.raises(TorchbookError, match="a run's name is letters"):
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
    about = json.loads((run.path / "recipe.json").read_text()) | {"format": 99}
    (run.path / "recipe.json").write_text(json.dumps(about))
    with pytest.raises(TorchbookError, match="newer torchbook"):
        Run.open(run.path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff\xfe"])
def test_a_damaged_description_is_refused(tmp_path, content):
    run, _, _ = trained(tmp_path)
    (run.path / "recipe.json").write_bytes(content)
    with pytest.raises(TorchbookError, match=r"damaged|does not describe"):
        Run.open(run.path)


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
    log.write_bytes(b"\0\0\n" + whole)
    with pytest.raises(TorchbookError, match=r"log\.jsonl is damaged"):
        run.entries()


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
    from torchbook.recipes import start

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
        ({"f1": 0.5, "loss": 1.0}, "the loss says which weights are kept", 1.0),
        ({"f1": 0.5}, "the last weights are", None),
    ],
)
def test_a_measure_nobody_knows_is_said_once(tmp_path, measures, instead, best):
    run = Run.create("own", folder=tmp_path)
    message = f"whether a larger f1 is better, so {instead}.*watch='f1', larger=True"
    with pytest.warns(UserWarning, match=message) as said:
        reports(run, [measures] * 3)
    assert len(said) == 1 and "\n" not in str(said[0].message)
    assert run.best == best


def test_what_is_known_needs_no_word(tmp_path):
    for measures in ({"accuracy": 0.5, "cross_entropy": 1.0, "loss": 1.0, "count": 3}, {"loss": 1.0}, {"mse": 1.0}, {}):
        reports(Run.create("own", folder=tmp_path), [measures])
