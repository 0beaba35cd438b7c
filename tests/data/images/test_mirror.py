"""Pictures whose class a mirror changes are noticed, and others are not."""

import pytest
import torch
from PIL import Image

from torchbook import load
from torchbook.data.images.folder_notes import safe_changes
from torchbook.data.images.mirror import against_mirroring
from torchbook.recipes import start


def half_lit(count, *, seed=0):
    """Pictures `[count, 3, 24, 24]` with the left (0) or the right half lit (1), at places and heights of their own."""
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.randint(60, (count, 3, 24, 24), dtype=torch.uint8, generator=generator)
    labels = torch.arange(count) % 2
    for picture, label in zip(pictures, labels):
        top, width = (int(n) for n in torch.randint(4, 9, (2,), generator=generator))
        part = picture[:, top : top + 10]
        (part[..., :width] if label == 0 else part[..., -width:]).add_(120)
    return pictures, labels


@pytest.mark.parametrize("seed", range(3))
def test_left_and_right_are_noticed_up_and_down_are_not(seed):
    pictures, labels = half_lit(60, seed=seed)
    torn, looked = against_mirroring(pictures, labels)
    assert looked == 60 and torn > 50
    # The same pictures lying on their side keep their class, and so do those whose classes are drawn by lot.
    assert against_mirroring(pictures.transpose(2, 3), labels) is None
    assert against_mirroring(pictures, labels[torch.randperm(60)]) is None
    # It does not matter in which direction one looks, nor in which order they stand.
    order = torch.randperm(60)
    assert against_mirroring(pictures.flip(-1)[order], labels[order]) is not None


@pytest.mark.parametrize(("name", "changes"), [("digits", True), ("horses?factor=facing", True), ("horses", False)])
def test_what_is_known_of_own_sets_is_found_again(name, changes):
    data = load(name) if name == "digits" else load(name, count=600)
    assert (against_mirroring(data.train.inputs, data.train.labels) is not None) == changes
    if name != "digits":  # grey, and never mirrored
        assert ("flip" in data.card.augment) != changes


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_pictures_say_nothing(count):
    assert against_mirroring(*(part[:count] for part in half_lit(4))) is None
    assert against_mirroring(torch.full((count, 3, 8, 8), 7, dtype=torch.uint8), torch.arange(count)) is None


@pytest.fixture
def folder(tmp_path):
    pictures, labels = half_lit(80)
    for number, (picture, label) in enumerate(zip(pictures, labels.tolist())):
        file = tmp_path / "arrows" / ("left", "right")[label] / f"{number}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture.permute(1, 2, 0).numpy()).save(file)
    return tmp_path / "arrows"


def test_a_folder_of_arrows_is_not_mirrored_and_says_so(folder):
    data = load(folder)
    assert data.card.augment == ("crop",)
    assert any("another class in a mirror" in note and "mirror=True" in note for note in data.card.notes)
    assert load(folder, mirror=True).card.augment == ("flip", "crop")
    assert load(folder, mirror=False).card.augment == ("crop",)


def test_what_a_person_says_of_the_mirror_is_heeded_and_looked_at_again(folder):
    from torchbook.data.card.inspection import inspect

    found = [finding.text for finding in inspect(load(folder, mirror=True)) if finding.what == "mirror"]
    assert len(found) == 1 and "mirror=False" in found[0]
    assert not [finding for finding in inspect(load(folder)) if finding.what == "mirror"]


def test_arrows_are_learnt(folder):
    result = start("cnn", {"data": str(folder), "epochs": 12, "width": 8, "dense": 16}, name="arrows")
    assert result["test"]["accuracy"] >= 0.9


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("mirror", [None, True, False])
def test_every_change_is_told(channels, mirror):
    from torchbook.data.dataset import Split

    pictures, labels = half_lit(60)
    train = Split(pictures.transpose(2, 3)[:, :channels].contiguous(), labels)
    augment, told = safe_changes(train, mirror=mirror)
    assert ("flip" in augment) == (mirror or (mirror is None and channels == 3)) == ("may be mirrored" in told)
    assert "crop" in augment and "moved" in told
