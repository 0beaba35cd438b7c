import json
import os
import random
import subprocess
import sys
import time

import pytest

from torchbook.cli import COMMANDS, main


def said(capsys, *words):
    status = main(list(words))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def answered(capsys, *words):
    status, out, _ = said(capsys, *words, "--json")
    assert status == 0
    return json.loads(out.splitlines()[-1])


@pytest.mark.parametrize("words", [["--help"], ["tran"], ["train", "mpl"], ["--version"], []])
def test_help_and_mistyped_names_answer_without_torch(words):
    code = (
        "import sys; from torchbook.cli import main; status = main(sys.argv[1:]);"
        "assert 'torch' not in sys.modules, 'torch was imported'; sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == (2 if "tran" in words or "mpl" in words else 0), done.stderr
    if done.returncode:
        assert "did you mean 'train'?" in done.stderr or "did you mean 'mlp'?" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


LIGHT = [["recipes"], ["data"], ["runs"], ["train", "mlp", "--help"], ["train", "points", "--help"]]
LIGHT += [["train", "table", "--data", "{table}", "--help"], ["data", "show", "faces", "--help"]]


@pytest.mark.parametrize("words", LIGHT, ids=" ".join)
def test_what_only_lists_and_explains_imports_nothing_heavy(words, tmp_path, own_home):
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    run = own_home / "runs" / "first"
    run.mkdir(parents=True)
    (run / "recipe.json").write_text(json.dumps({"format": 1, "recipe": "mlp", "arguments": {"data": "digits"}}))
    code = (
        "import sys; from torchbook.cli import main; status = main(sys.argv[1:]);"
        "heavy = {'torch', 'numpy', 'sklearn', 'scipy', 'safetensors', 'PIL', 'marimo'} & set(sys.modules);"
        "assert not heavy, heavy; sys.exit(status)"
    )
    words = [word.format(table=tmp_path / "table.csv") for word in words]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout, done.stderr


def test_every_command_is_there_and_says_what_it_does(capsys):
    from importlib import import_module

    for name, command in COMMANDS.items():
        module, _, function = command.place.partition(":")
        assert callable(getattr(import_module(f"torchbook.{module}"), function)), name
    status, out, _ = said(capsys, "--help")
    assert status == 0 and all(name in out for name in COMMANDS)


MISTAKES = [
    (["train", "mlp", "--epoch", "3"], "did you mean --epochs?"),
    (["train", "mlp", "--lr", "0.1"], "did you mean --learning-rate?"),
    (["train", "mlp", "--bs", "8"], "did you mean --batch-size?"),
    (["train", "mlp", "--batch=8"], "did you mean --batch-size?"),
    (["train", "mlp", "--xyzzy", "8"], "torchbook train mlp --help lists what there is"),
    (["train", "unet"], "there is no recipe 'unet'; torchbook recipes lists them"),
    (["train", "mlp", "--epochs", "x"], "--epochs"),
    (["train", "mlp", "--learning-rate", "0"], "--learning-rate must be above 0, got 0"),
    (["train", "mlp", "--learning-rate", "-1"], "--learning-rate must be above 0, got -1"),
    (["train", "mlp", "--dropout", "20"], "--dropout must be from 0 to below 1, got 20"),
    (["train", "mlp", "--hidden", "64", "0"], "--hidden must be above 0, got 0"),
    (["train", "dcgan", "--epochs", "0"], "--epochs must be above 0, got 0"),
    (["train", "mlp", "--epochs", "1.5"], "--epochs must be a whole number, got '1.5'"),
    (["train", "mlp", "--learning-rate", "nan"], "--learning-rate must be above 0, got nan"),
    (["train", "mlp", "--learning-rate", "-1e-3"], "--learning-rate must be above 0, got -1e-3"),
    (["train", "mlp", "--name"], "--name needs a value"),
    (["train", "mlp", "--data"], "--data needs a value"),
    (["train", "mlp", "--augment=false"], "--augment"),
    (["train", "points", "--figure", "stars"], "--figure must be one of 'circles', 'moons', 'blobs', 'spirals', got"),
    (["train", "points", "--count", "0"], "--count must be above 0, got 0"),
    (["train", "table", "--kinds", "size"], "--kinds must be columns and their kinds in pairs, got 'size'"),
    (["train", "mlp", "--data", "mnst"], "did you mean 'mnist'?"),
    (["train", "mlp", "--name", "../x"], "a run's name is letters"),
    (["train", "mlp", "--device", "tpu"], "there is no device 'tpu' here; this machine has cpu"),
    (["train", "cnn", "--image-size", "2"], "they need 4 x 4 pixels or more, got 2 x 2; give --image-size 28"),
    (["train", "gan", "--image-size", "2"], "they need 4 x 4 pixels or more, got 2 x 2; give --image-size 28"),
    (["evaluate", "nothing"], "there is no run 'nothing'"),
    (["resume", "nothing"], "there is no run 'nothing'"),
    (["predict", "nothing"], "at least one file"),
    (["recipes", "extra"], "Unrecognized"),
]


@pytest.mark.parametrize(("words", "message"), MISTAKES)
def test_a_mistake_is_one_line_and_status_2(words, message, capsys, own_home):
    status, out, err = said(capsys, *words)
    line = err.strip().splitlines()[-1]
    assert status == 2 and message in line and "Traceback" not in err and out == ""
    assert not list((own_home / "runs").glob("*"))
    status, out, _ = said(capsys, *words, "--json")
    assert status == 2 and message in json.loads(out)["error"]


def test_debug_shows_the_traceback(capsys):
    from torchbook import TorchbookError

    with pytest.raises(TorchbookError):
        main(["train", "mlp", "--data", "mnst", "--debug"])


def test_train_evaluate_resume_runs_and_export(capsys, tmp_path):
    result = answered(capsys, "train", "logistic_regression", "--epochs", "3", "--name", "first")
    assert {"run", "recipe", "data", "seconds", "test"} <= result.keys()
    assert result["test"].keys() == {"accuracy", "cross_entropy", "count"} and result["data"] == "digits"
    assert answered(capsys, "evaluate", "first")["test"] == result["test"]
    assert answered(capsys, "resume", "first") == result
    assert "first was finished before, nothing was trained" in said(capsys, "resume", "first")[2]
    (row,) = answered(capsys, "runs")["runs"]
    assert row["name"] == "first" and row["test"] == result["test"] and row["epochs"] == 3
    exported = answered(capsys, "export", "first", "--to", "safetensors", "--out", str(tmp_path / "w.safetensors"))
    assert exported["bytes"] == (tmp_path / "w.safetensors").stat().st_size
    status, out, _ = said(capsys, "runs")
    assert status == 0 and "first" in out and "accuracy" in out


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system cannot change its time zone")
def test_runs_are_in_the_order_they_were_made_each_on_a_line_of_a_terminal(capsys, own_home, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for minute, number in enumerate((11, 9, 10)):
        folder = own_home / "runs" / f"mnist_speed-{number}"
        folder.mkdir(parents=True)
        created = f"2026-11-26T23:0{minute}:00+00:00"
        about = {"format": 1, "recipe": "mnist_speed", "arguments": {"data": "mnist"}, "created": created}
        (folder / "recipe.json").write_text(json.dumps(about))
        result = {"seconds": 5.04, "test": {"accuracy": 0.99, "loss": 0.1, "count": 10_000}}
        (folder / "result.json").write_text(json.dumps(result))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    status, out, _ = said(capsys, "runs")
    monkeypatch.undo()
    time.tzset()
    title, *lines = out.splitlines()
    assert status == 0 and title.split() == ["run", "recipe", "data", "epochs", "test", "seconds", "created"]
    assert [line.split()[0] for line in lines] == ["mnist_speed-11", "mnist_speed-9", "mnist_speed-10"]
    assert all("accuracy 99.0 %" in line for line in lines)
    assert lines[0].endswith("5.0 2026-11-27 08:00")


def test_a_damaged_run_hides_no_other(capsys, own_home):
    answered(capsys, "train", "thermometer", "--name", "whole")
    damaged = own_home / "runs" / "damaged"
    damaged.mkdir()
    (damaged / "recipe.json").write_text("{")
    told = answered(capsys, "runs")
    assert [row["name"] for row in told["runs"]] == ["whole"]
    (line,) = told["unread"]
    assert line.startswith("damaged cannot be read: ")
    status, out, _ = said(capsys, "runs")
    assert status == 0 and "whole" in out and "damaged cannot be read" in out
    assert said(capsys, "runs", "damaged")[0] == 2


def test_names_from_data_are_shown_as_they_are(capsys, tmp_path):
    draw = random.Random(0)
    rows = [f"{h},{draw.choice([True, False])},{0.3 * h}" for h in (draw.random() for _ in range(80))]
    (tmp_path / "units.csv").write_text("\n".join(["height [m],wet [/h],size [cm]", *rows]))
    status, out, err = said(capsys, "train", "table", "--data", str(tmp_path / "units.csv"), "--epochs", "1")
    assert status == 0, err
    assert "'height [m]' is" in out and "'wet [/h]' is" in out
    status, out, _ = said(capsys, "data", "show", str(tmp_path / "units.csv"))
    assert status == 0 and "height [m]" in out and "wet [/h]" in out


def test_a_picture_is_predicted_and_changes_to_it_are_said(capsys, tmp_path):
    from PIL import Image

    answered(capsys, "train", "logistic_regression", "--epochs", "2", "--name", "first")
    Image.new("RGBA", (40, 30), (200, 10, 10, 128)).save(tmp_path / "red.png")
    answer = answered(capsys, "predict", "first", str(tmp_path / "red.png"))["predictions"][0]
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5) and len(answer["notes"]) == 3
    (tmp_path / "no.png").write_text("hello")
    status, _, err = said(capsys, "predict", "first", str(tmp_path / "no.png"))
    assert status == 2 and "no.png cannot be read as a picture" in err
    status, _, err = said(capsys, "generate", "first")
    assert status == 2 and "is no generator" in err


def test_recipes_are_listed_with_cost_and_data(capsys):
    rows = answered(capsys, "recipes")["recipes"]
    assert all(row["data"] and row["cost"] and row["about"] for row in rows)


def test_doctor_says_what_was_chosen_and_why(capsys, own_home):
    data = answered(capsys, "doctor")
    assert data["home"] == str(own_home) and data["reason"] and data["number_format"] in ("float32", "bfloat16")


def test_a_folder_without_permission_and_a_full_disk(capsys, monkeypatch, tmp_path):
    import errno

    from torchbook import run

    for code, words in ((errno.ENOSPC, "the disk is full"), (errno.EACCES, "no permission to use")):

        def fails(path, content, code=code):
            raise OSError(code, os.strerror(code), str(path))

        monkeypatch.setattr(run, "write_atomically", fails)
        status, _, err = said(capsys, "train", "mlp", "--epochs", "1")
        assert status == 2 and words in err.splitlines()[-1] and "Traceback" not in err


@pytest.mark.parametrize("words", [["runs"], ["train", "thermometer"], ["doctor"], ["learn"]], ids=" ".join)
def test_a_home_that_is_a_file_is_said_in_a_line(capsys, monkeypatch, tmp_path, words):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TORCHBOOK_HOME", str(tmp_path / "file"))
    monkeypatch.chdir(tmp_path)
    status, _, err = said(capsys, *words)
    assert len(err.splitlines()) <= 2 and "Traceback" not in err and (tmp_path / "file").read_text() == ""
    if words != ["runs"]:
        assert status == 2 and ("is a file" in err or "a file is where a folder is needed" in err)


def test_a_fault_of_ones_own_is_not_explained_as_that_of_the_person(capsys, monkeypatch, own_home):
    monkeypatch.setattr("torchbook.commands.names", int)  # what goes wrong then goes wrong in torchbook
    status, _, err = said(capsys, "recipes")
    assert status == 1 and err.splitlines()[-1] == "TypeError: 'int' object is not iterable (--debug shows where)"


def test_a_closed_pipe_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m torchbook --help | head -1", shell=True, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("torchbook") and done.stderr == ""


def test_options_of_the_data_are_options_of_the_command(capsys, tmp_path):
    import numpy

    rng = numpy.random.default_rng(0)
    rows = rng.normal(size=(90, 4)).astype(numpy.float32)
    numpy.savez(tmp_path / "rows.npz", a=rows, b=(rows.sum(1) > 0).astype(numpy.int64))
    words = ["train", "table", "--data", str(tmp_path / "rows.npz"), "--inputs", "a", "--target", "b", "--name", "own"]
    result = answered(capsys, *words, "--epochs", "5")
    assert result["test"]["accuracy"] > 0.5
    assert answered(capsys, "evaluate", "own")["test"] == result["test"]
    status, _, err = said(capsys, "train", "mlp", "--data", "digits", "--inputs", "a")
    assert status == 2 and "--inputs" in err
