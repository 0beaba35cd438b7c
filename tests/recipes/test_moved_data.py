"""A run goes on from any folder, and finds its data where they were moved to."""

import shutil

import numpy as np
import pytest
from PIL import Image

from torchbook import Run, TorchbookError
from torchbook.cli import main
from torchbook.recipes import evaluate, resume, start


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    """A folder `pictures` of two classes in the current folder, `work`, and an empty folder `other` beside that."""
    (tmp_path / "other").mkdir()
    folder = tmp_path / "work" / "pictures"
    generator = np.random.default_rng(0)
    for name, level in (("dark", 40), ("light", 180)):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            values = level + generator.integers(0, 30, (16, 16, 3))
            Image.fromarray(values.astype(np.uint8)).save(folder / name / f"{number}.png")
    monkeypatch.chdir(tmp_path / "work")
    return folder


def stopped(name="first", **arguments):
    """Begins a run and stops it in the second epoch."""

    def show(run, report, steps):
        if report.epoch == 2:
            raise KeyboardInterrupt

    given = {"data": "pictures", "epochs": 3, "width": 4, "dense": 8, **arguments}
    with pytest.raises(KeyboardInterrupt, match="go on with: torchbook resume /"):
        start("cnn", given, name=name, show=show)
    return Run.open(name)


@pytest.mark.parametrize("decoy", [False, True], ids=["", "with an empty folder of that name there"])
def test_a_relative_path_is_found_from_another_folder(pictures, tmp_path, monkeypatch, decoy):
    assert stopped().about["arguments"]["data"] == str(pictures)
    monkeypatch.chdir(tmp_path / "other")
    if decoy:
        (tmp_path / "other" / "pictures").mkdir()
    result = resume("first")
    assert evaluate("first")["test"] == result["test"]


def test_options_of_the_data_stay_with_an_absolute_path(pictures, tmp_path, monkeypatch):
    run = stopped(data="pictures?image_size=8")
    assert run.about["arguments"]["data"] == f"{pictures}?image_size=8"
    monkeypatch.chdir(tmp_path / "other")
    assert resume("first")["test"]["count"] == 6
    assert run.model_description()["sample_shape"] == [3, 8, 8]


def test_a_backbone_is_found_from_another_folder(pictures, tmp_path, monkeypatch):
    backbone = pictures.parent / "start.safetensors"
    backbone.write_bytes(b"none")
    with pytest.raises(TorchbookError, match=r"start\.safetensors"):
        start("finetune", {"data": "pictures", "backbone": "start.safetensors"}, name="kept")
    from torchbook.recipes.start import _anywhere

    assert _anywhere({"backbone": "start.safetensors"})["backbone"] == str(backbone)
    assert _anywhere({"backbone": "digits", "data": "digits"}) == {"backbone": "digits", "data": "digits"}


def test_data_that_moved_are_named_and_pointed_to(pictures, tmp_path, monkeypatch, capsys):
    stopped(data="pictures?image_size=8")
    moved = tmp_path / "other" / "my pictures"
    shutil.move(pictures, moved)
    for command in ("resume", "evaluate"):
        assert main([command, "first"]) == 2
        line = capsys.readouterr().err.strip()
        assert line == f"the data are no longer at {pictures}; say where they are now: --data PATH"
    monkeypatch.chdir(tmp_path / "other")
    assert main(["evaluate", "first", "--data", "my pictures"]) == 0
    assert Run.open("first").about["arguments"]["data"] == f"{pictures}?image_size=8"  # evaluate writes nothing
    result = resume("first", data="my pictures")
    # It is kept, for the next time.
    assert Run.open("first").about["arguments"]["data"] == f"{moved}?image_size=8"
    assert evaluate("first")["test"] == result["test"]


def test_other_data_are_refused_and_not_kept(pictures, tmp_path):
    stopped()
    other = tmp_path / "others"
    shutil.copytree(pictures, other)
    (other / "dark" / "0.png").unlink()
    with pytest.raises(TorchbookError, match="are not those it was trained on"):
        resume("first", data=other)
    assert Run.open("first").about["arguments"]["data"] == str(pictures)
    assert resume("first")["test"]["count"] == 6


def test_the_parts_of_a_run_know_where_the_data_went(own_home):
    run = Run.create("initialization", {"data": "digits", "seed": 0}, name="several")
    child = run.child("zeros")
    run.keep_place("/elsewhere")
    assert [Run.open(each.path).about["arguments"]["data"] for each in (run, child)] == ["/elsewhere"] * 2
