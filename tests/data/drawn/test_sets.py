"""The drawn sets as a person loads them; the slow tests train on them."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from torchbook import Batches, TorchbookError, load
from torchbook.data import Split
from torchbook.data.drawn.faces import FACTORS as FACES
from torchbook.data.sets.mnist import read_idx
from torchbook.models import build

pytestmark = pytest.mark.proven

SETS = {
    "handwriting": (1, 28, 28),
    "shapes": (3, 32, 32),
    "faces": (3, 64, 64),
    "horses": (3, 64, 64),
    "zebras": (3, 64, 64),
    "blobs3d": (1, 16, 32, 32),
}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_split_without_overlap_and_has_a_card(name):
    dataset = load(name, count=60, seed=3)
    assert [len(split) for split in dataset] == [60, 10, 10]
    assert dataset.sample_shape == SETS[name]
    assert dataset.train.inputs.dtype == torch.uint8
    pictures = [picture.numpy().tobytes() for split in dataset for picture in split.inputs]
    assert len(set(pictures)) == 80
    card = dataset.card
    assert card.name == name
    assert card.licence.startswith("MIT")
    assert "from seed 3" in card.source
    assert len(card.mean) == len(card.std) == SETS[name][0]
    assert card.extra["factors"][card.extra["factor"]] == list(card.classes)
    labels = torch.cat([split.labels for split in dataset])
    assert labels.dtype == torch.int64
    assert 0 <= labels.min() <= labels.max() < len(card.classes)
    inputs, _ = next(iter(dataset.batches("train", size=60)))
    assert inputs.mean().abs() < 0.05


@pytest.mark.parametrize("name", SETS)
def test_more_pictures_begin_with_the_same_ones(name):
    few, many = load(name, count=12), load(name, count=18)
    assert torch.equal(many.train.inputs[:12], few.train.inputs)
    assert torch.equal(many.test.inputs[:2], few.test.inputs)
    assert torch.equal(many.train.labels[:12], few.train.labels)


@pytest.mark.parametrize("name", ["shapes", "faces", "horses", "zebras", "blobs3d"])
@pytest.mark.parametrize("size", [16, 33])
def test_pictures_have_the_size_asked_for(name, size):
    option = "size" if name == "blobs3d" else "image_size"
    assert load(name, count=6, **{option: size}).sample_shape[-2:] == (size, size)


@pytest.mark.parametrize("name", ["faces", "horses", "zebras", "shapes"])
def test_a_smaller_picture_is_the_same_one_reduced(name):
    large, small = (load(name, count=30, image_size=size).train.inputs.float() for size in (64, 32))
    assert (F.avg_pool2d(large, 2) - small).abs().mean() < 12


def test_every_factor_of_a_face_can_be_its_label():
    names = set()
    for factor, kinds in FACES.items():
        dataset = load("faces", count=300, image_size=16, factor=factor)
        assert dataset.card.classes == kinds
        assert set(dataset.train.labels.tolist()) == set(range(len(kinds)))
        names.add(tuple(dataset.train.labels.tolist()))
    # They are drawn one by one: no factor tells another.
    assert len(names) == len(FACES)


def test_horses_and_zebras_stand_alike_but_are_not_pairs():
    horses, zebras = load("horses", count=2000, image_size=16), load("zebras", count=2000, image_size=16)
    counts = [np.bincount(dataset.train.labels, minlength=4) / 2000 for dataset in (horses, zebras)]
    assert counts[0] == pytest.approx(np.full(4, 0.25), abs=0.04)
    assert counts[0] == pytest.approx(counts[1], abs=0.05)
    assert (horses.train.labels == zebras.train.labels).float().mean() < 0.35
    assert horses.card.task == "generation"
    assert "flip" in horses.card.augment
    assert "flip" not in load("horses", count=6, image_size=16, factor="facing").card.augment


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("shapes", {"count": 5}, "the count of shapes must be 6 or more, got 5"),
        ("faces", {"image_size": 8}, "the size of a picture in faces must be 16 to 256 pixels, got 8"),
        ("faces", {"factor": "nose"}, "faces has no factor 'nose'; it has hair_colour, hair_style"),
        ("handwriting", {"image_size": 32}, "has no option image_size=32"),
    ],
)
def test_what_cannot_be_drawn_is_told(name, options, message):
    with pytest.raises(TorchbookError, match=message):
        load(name, **options)


def trained(dataset, name, epochs, *, outputs=None, loss=F.cross_entropy, **shape):
    """A model after so many epochs of Adam under a one-cycle schedule."""
    torch.manual_seed(0)
    model = build(name, sample_shape=dataset.sample_shape, outputs=outputs or len(dataset.card.classes), **shape)
    batches = dataset.batches("train", size=128, drop_last=True)
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=epochs * len(batches))
    model.train()
    for _ in range(epochs):
        for inputs, labels in batches:
            optimizer.zero_grad()
            loss(model(inputs), labels).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


@torch.no_grad()
def accuracy(model, batches):
    right = [(model(inputs).argmax(1) == labels).float() for inputs, labels in batches]
    return torch.cat(right).mean().item()


@pytest.mark.slow
@pytest.mark.proven("data", "models")
@pytest.mark.timeout(1200)
def test_a_linear_model_fails_on_shapes_and_a_cnn_does_not():
    dataset = load("shapes")
    assert accuracy(trained(dataset, "linear", 4), dataset.batches("test", size=500)) < 0.4
    assert accuracy(trained(dataset, "cnn", 4, width=16, dropout=0.0), dataset.batches("test", size=500)) > 0.9


@pytest.mark.slow
@pytest.mark.proven("data", "models")
@pytest.mark.timeout(1200)
def test_every_factor_of_a_face_can_be_learned():
    """One network learns them all: the pictures do not depend on the factor that is asked for."""
    asked = [load("faces", image_size=32, factor=factor) for factor in FACES]
    dataset = replace(asked[0], **{part: labelled_by_all(part, asked) for part in ("train", "test")})
    kinds = [len(of_factor) for of_factor in FACES.values()]

    def loss(logits, labels):
        return sum(map(F.cross_entropy, logits.split(kinds, 1), labels.unbind(1)))

    model = trained(dataset, "cnn", 7, outputs=sum(kinds), loss=loss, width=16, dropout=0.0)
    with torch.no_grad():
        right = [
            torch.stack([part.argmax(1) for part in model(inputs).split(kinds, 1)], 1) == labels
            for inputs, labels in dataset.batches("test", size=500)
        ]
    for factor, part in zip(FACES, torch.cat(right).float().mean(0), strict=True):
        assert part >= 0.95, f"{factor}: {part:.1%}"


def labelled_by_all(part, asked):
    """The pictures of a part with a column of labels for each factor."""
    splits = [getattr(dataset, part) for dataset in asked]
    assert all(torch.equal(split.inputs, splits[0].inputs) for split in splits)
    return Split(splits[0].inputs, torch.stack([split.labels for split in splits], 1))


@pytest.mark.slow
@pytest.mark.proven("data", "models")
@pytest.mark.timeout(1200)
@pytest.mark.skipif("TORCHBOOK_DATA" not in os.environ, reason="needs the folder of MNIST's files")
def test_who_learned_from_drawn_digits_reads_real_ones():
    dataset = load("handwriting", count=24_000)
    folder = Path(os.environ["TORCHBOOK_DATA"]) / "mnist"
    images, labels = (read_idx(folder / f"t10k-{kind}-ubyte.gz") for kind in ("images-idx3", "labels-idx1"))
    real = Batches(images.unsqueeze(1), labels.long(), size=500, normalize=dataset.normalize)
    assert accuracy(trained(dataset, "cnn", 2, width=16), real) > 0.95


def test_few_shapes_are_those_of_the_large_set():
    few, many = load("few_shapes", image_size=32), load("shapes", count=120)
    assert torch.equal(few.train.inputs, many.train.inputs[:100]) and few.card.name == "few_shapes"
    assert [len(split) for split in few] == [100, 50, 200]
    assert len(load("few_shapes", count=40, image_size=16).train) == 40
