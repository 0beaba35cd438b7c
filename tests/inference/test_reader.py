"""The network that ships and reads digits: its file, its summary, and what it reads."""

import hashlib

import pytest
import torch

from torchbook import TorchbookError, load
from torchbook.course.pictures.ink import pixels
from torchbook.course.pictures.strokes import decode, ready_made
from torchbook.evaluation import accuracy
from torchbook.inference import reader


def test_the_file_is_small_and_is_the_one_in_the_summary():
    content = reader.WEIGHTS.read_bytes()
    assert len(content) < 200_000
    assert hashlib.sha256(content).hexdigest() == reader.summary()["sha256"]


@torch.no_grad()
def test_it_reads_as_well_as_its_summary_says():
    test = load("handwriting?count=6000").test
    about = reader.summary()
    assert accuracy(reader.digit_reader()(test.inputs), test.labels) == pytest.approx(about["accuracy"], abs=0.02)


@torch.no_grad()
def test_it_reads_the_ready_made_digits():
    network = reader.digit_reader()
    for digit, strokes in ready_made().items():
        assert network(pixels(decode(strokes))).argmax().item() == int(digit)


def test_it_is_in_evaluation_mode_and_says_the_same_of_a_picture_alone():
    network, pictures = reader.digit_reader(), load("handwriting?count=6000").test.inputs[:8]
    assert not network.training
    torch.testing.assert_close(network(pictures)[3], network(pictures[3:4])[0])


def test_other_weights_are_refused(tmp_path, monkeypatch):
    other = tmp_path / "digit_reader.safetensors"
    other.write_bytes(reader.WEIGHTS.read_bytes()[:-1] + b"?")
    monkeypatch.setattr(reader, "WEIGHTS", other)
    with pytest.raises(TorchbookError, match=r"is not the file that ships .* install torchbook again"):
        reader.digit_reader()


def test_a_missing_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "WEIGHTS", tmp_path / "gone.safetensors")
    with pytest.raises(TorchbookError, match=r"gone.safetensors is missing"):
        reader.digit_reader()
