"""Transfer learning from a few pictures; the backbone of most tests has the architecture's form and random weights."""

import errno

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from torchbook import Run, TorchbookError, build, export, load, predict
from torchbook.inference import features as kept
from torchbook.recipes import evaluate, start

pytestmark = pytest.mark.proven


@pytest.fixture(scope="module")
def backbone(tmp_path_factory):
    file = tmp_path_factory.mktemp("backbone") / "random.safetensors"
    save_file(build("efficientnet_lite0", outputs=2, seed=1).state_dict(), file)
    return str(file)


def pictures(folder, *, each, splits=("train", "val"), classes=("dark", "light"), side=32):
    """Noise, darker in the first class than in the second."""
    draw = np.random.default_rng(0)
    for split in splits:
        for number, name in enumerate(classes):
            for picture in range(each):
                file = folder / split / name / f"{picture}.png"
                file.parent.mkdir(parents=True, exist_ok=True)
                low = 120 * number // max(1, len(classes) - 1)
                Image.fromarray(draw.integers(low, low + 120, (side, side, 3), np.uint8)).save(file)
    return str(folder)


def test_a_run_like_any_other(tmp_path, backbone):
    data = pictures(tmp_path / "own", each=8)
    arguments = {"data": data, "backbone": backbone, "image_size": 32}
    result = start("finetune", arguments, folder=tmp_path / "runs")
    # val is the test set, and all of train is learnt from.
    assert result["test"]["count"] == 16 and result["test"]["accuracy"] == 1
    assert any("the validation images are the test set here" in note for note in result["notes"])
    assert any("cross-validation" in note for note in result["notes"])
    assert evaluate(result["run"])["test"] == result["test"]
    run = Run.open(result["run"])
    assert run.entries()[0]["valid_accuracy"] == 1 and "test set" in (run.path / "card.md").read_text()
    answer = predict(run, [tmp_path / "own" / "train" / "light" / "0.png"])[0]
    assert answer["class"] == "light" and answer["notes"] == []
    file = export(run, tmp_path / "model.pt2")
    stored = load(data, image_size=32, test="val").test.inputs[-3:]
    logits = torch.export.load(file).module()(stored / 255)
    assert logits.argmax(1).tolist() == [1, 1, 1]
    drawn = start("finetune", arguments | {"test": "draw"}, folder=tmp_path / "runs")
    assert drawn["test"]["count"] == 2


def test_features_are_computed_once_and_a_full_disk_loses_nothing(tmp_path, backbone, own_home, monkeypatch, capsys):
    data = pictures(tmp_path / "own", each=6)
    arguments = {"data": data, "backbone": backbone, "image_size": 32}

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(kept, "write_atomically", full)
        first = start("finetune", arguments, folder=tmp_path / "runs")
    # Once, though there are blocks of two splits.
    assert capsys.readouterr().err.count("(the disk is full): the next run computes them again") == 1
    assert not list((own_home / "features").glob("*.safetensors"))
    start("finetune", arguments, folder=tmp_path / "runs")
    with monkeypatch.context() as patch:
        patch.setattr(kept, "_computed", None)
        again = start("finetune", arguments, folder=tmp_path / "runs")
    assert again["test"] == first["test"]
    # A file that is damaged is computed again.
    for file in (own_home / "features").glob("*.safetensors"):
        file.write_bytes(b"half")
    assert start("finetune", arguments, folder=tmp_path / "runs")["test"] == first["test"]


def test_more_features_than_fit_into_memory_say_what_to_do(tmp_path, backbone, monkeypatch):
    data = pictures(tmp_path / "own", each=6)
    arguments = {"data": data, "backbone": backbone, "image_size": 32}
    monkeypatch.setattr(kept, "MOST_IN_MEMORY", 4 * 2 * 1280 * 8)
    with pytest.raises(TorchbookError, match=r"^22 pictures make .* GB of features.* at most 8 pictures in all, with"):
        start("finetune", arguments | {"test": "draw"}, folder=tmp_path / "runs")


def test_a_backbone_whose_weights_are_not_finite_is_named_and_nothing_of_it_kept(tmp_path, own_home):
    weights = build("efficientnet_lite0", outputs=2, seed=1).state_dict()
    weights["conv_head.weight"][0, 0] = float("nan")
    save_file(weights, tmp_path / "nan.safetensors")
    data = pictures(tmp_path / "own", each=3)
    arguments = {"data": data, "backbone": str(tmp_path / "nan.safetensors"), "image_size": 32}
    with pytest.raises(TorchbookError, match=r"^the backbone makes NaN or infinity .* take another file"):
        start("finetune", arguments, folder=tmp_path / "runs")
    assert not list((own_home / "features").glob("*.safetensors"))


def test_what_is_kept_is_bounded_and_the_oldest_goes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "MOST_KEPT", 10_000)
    files = [tmp_path / f"{name}.safetensors" for name in "abc"]
    for age, file in zip((3, 2, 1), files):
        kept._keep(file, torch.zeros(10, 1, 100))
        if file.exists():
            import os

            os.utime(file, (1e9 - age, 1e9 - age))
    assert [file.exists() for file in files] == [False, True, True]


def test_fine_tuning_changes_the_backbone_but_not_its_statistics(tmp_path, backbone):
    data = pictures(tmp_path / "own", each=6)
    arguments = {"data": data, "backbone": backbone, "image_size": 32, "unfreeze": True, "epochs": 1, "batch_size": 4}
    result = start("finetune", arguments | {"pictures_per_class": 4}, folder=tmp_path / "runs")
    weights = Run.open(result["run"]).weights()
    before = build("efficientnet_lite0", outputs=2, seed=1).state_dict()
    # The first layers stay as they are.
    assert torch.equal(weights["model.body.conv_stem.weight"], before["conv_stem.weight"])
    assert not torch.equal(weights["model.body.conv_head.weight"], before["conv_head.weight"])
    assert torch.equal(weights["model.body.bn1.running_mean"], before["bn1.running_mean"])
    assert result["parameters"] == sum(p.numel() for p in build("efficientnet_lite0", outputs=2).parameters())
    assert any("mean of those before and after" in note for note in result["notes"])
    assert any("At most 4 training examples" in note for note in result["notes"])
    assert evaluate(result["run"])["test"] == result["test"]


def test_a_network_of_ones_own_is_a_backbone(tmp_path):
    data = pictures(tmp_path / "own", each=6)
    result = start("finetune", {"data": data, "backbone": "digits"}, folder=tmp_path / "runs")
    assert result["test"]["accuracy"] == 1 and result["flops"] < 10_000_000


def test_one_picture_a_class_and_eight_pixels(tmp_path, backbone):
    data = pictures(tmp_path / "own", each=3, side=8)
    arguments = {"data": data, "backbone": backbone, "image_size": 32, "pictures_per_class": 1}
    result = start("finetune", arguments, folder=tmp_path / "runs")
    assert any("one training picture" in note for note in result["notes"])
    assert any("Images of 8 x 8 pixels were scaled" in note for note in result["notes"])
    assert predict(Run.open(result["run"]), [tmp_path / "own/val/dark/0.png"])[0]["notes"][1:] == []


def test_two_pictures_in_all_leave_none_to_test_with(tmp_path, backbone):
    data = pictures(tmp_path / "own", each=1, splits=(".",))
    with pytest.raises(TorchbookError, match=r"2 pictures of 2 classes, so that none is left to test with; .*or more"):
        start("finetune", {"data": data, "backbone": backbone, "image_size": 32}, folder=tmp_path / "runs")
    assert not list((tmp_path / "runs").iterdir())


def test_many_classes(tmp_path, backbone):
    data = pictures(tmp_path / "own", each=3, splits=(".",), classes=[f"class {n:03}" for n in range(60)])
    result = start("finetune", {"data": data, "backbone": backbone, "image_size": 32}, folder=tmp_path / "runs")
    assert result["test"]["count"] == 60 and result["test"]["accuracy"] > result["baseline"]["accuracy"]


@pytest.mark.proven
def test_few_drawn_pictures_are_enough_for_who_sees_already_and_not_from_scratch(tmp_path):
    pretrained = start("finetune", folder=tmp_path)["test"]
    scratch = start("cnn", {"data": "few_shapes?image_size=32", "epochs": 20}, folder=tmp_path)["test"]
    assert pretrained["accuracy"] > 0.75 and scratch["accuracy"] < 0.5


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_243_photographs_of_ants_and_bees(tmp_path, real_files):
    result = start("finetune", {"data": str(real_files / "photos")}, folder=tmp_path)
    assert result["test"]["accuracy"] >= 144 / 153 and result["test"]["calibration_error"] <= 0.05
    own = predict(Run.open(result["run"]), sorted((real_files / "photos" / "val").rglob("*.jpg")))
    assert sum("resembles none of the classes" in answer["notes"] for answer in own) <= 0.05 * len(own)
    foreign = predict(Run.open(result["run"]), sorted((real_files / "images").glob("*.*g")))
    assert all("resembles none of the classes" in answer["notes"] for answer in foreign)
