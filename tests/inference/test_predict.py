import itertools
import re

import numpy as np
import pytest
import torch
from PIL import Image

from torchbook import Run, TorchbookError, generate, load, predict
from torchbook.data.volumes.volume import read_volume
from torchbook.inference import load_model
from torchbook.inference.grid import grid
from torchbook.recipes import start
from torchbook.reporting.svg import BOTTOM, HEIGHT, TOP, _ticks, lines


def test_a_picture_gets_what_the_stored_one_gets(tmp_path):
    result = start("logistic_regression", {"epochs": 5}, folder=tmp_path)
    run, test = Run.open(result["run"]), load("digits").test
    files = []
    for number in range(6):
        files.append(tmp_path / f"{number}.png")
        Image.fromarray(test.inputs[number, 0].numpy()).save(files[-1])
    answers = predict(run, files)
    assert all(answer["notes"] == [] for answer in answers)
    expected = load_model(run).answer(test.inputs[:6])
    for ours, theirs in zip(answers, expected, strict=True):
        assert ours["class"] == theirs["class"]
        assert ours["probabilities"] == pytest.approx(theirs["probabilities"], abs=1e-5)


def test_a_volume_gets_what_the_stored_one_gets(tmp_path):
    draw = np.random.default_rng(0)
    for number in range(24):
        bright = number % 2
        pages = [Image.fromarray(draw.integers(90 * bright, 120 + 90 * bright, (10, 9), np.uint8)) for _ in range(8)]
        file = tmp_path / "scans" / ("bright" if bright else "dark") / f"{number}.tif"
        file.parent.mkdir(parents=True, exist_ok=True)
        pages[0].save(file, save_all=True, append_images=pages[1:])
    arguments = {"data": str(tmp_path / "scans"), "epochs": 1, "width": 4}
    run = Run.open(start("volume", arguments, folder=tmp_path / "runs")["run"])
    trained = load_model(run)
    assert trained.sample_shape == (1, 8, 10, 9)
    every = sorted((tmp_path / "scans").rglob("*.tif"))
    train = load(tmp_path / "scans").train
    known = {str(volume.tolist()): answer for volume, answer in zip(train.inputs, trained.answer(train.inputs))}
    found = [
        (predict(run, [file])[0], known[str(read_volume(file).values.tolist())])
        for file in every
        if str(read_volume(file).values.tolist()) in known
    ]
    assert len(found) == len(train)
    for ours, theirs in found:
        assert ours["probabilities"] == pytest.approx(theirs["probabilities"], abs=1e-5) and not ours["notes"]

    pages = [page.resize((20, 20)) for page in pages[:5]]
    pages[0].save(tmp_path / "other.tif", save_all=True, append_images=pages[1:])
    (answer,) = predict(run, [tmp_path / "other.tif"])
    assert answer["notes"] == ["scaled from 5 x 20 x 20 to 8 x 10 x 9 voxels"]
    with pytest.raises(TorchbookError, match="there is no volume"):
        predict(run, [tmp_path / "runs"])


def test_rows_of_a_table(tmp_path):
    run = Run.open(start("thermometer", folder=tmp_path)["run"])
    (tmp_path / "rows.csv").write_text("reading,colour\n55.9,red\n21.8,blue\n")
    answers = predict(run, [tmp_path / "rows.csv"])
    assert [round(answer["values"]["celsius"]) for answer in answers] == [13, -6]
    for content, message in (
        ("value\n3\n", "has no column 'reading'"),
        ("reading\nwarm\n", "row 1: expected a number"),
        ("reading\n", "no rows"),
    ):
        (tmp_path / "bad.csv").write_text(content)
        with pytest.raises(TorchbookError, match=message):
            predict(run, [tmp_path / "bad.csv"])
    with pytest.raises(TorchbookError, match="there is no file"):
        predict(run, [tmp_path / "nowhere.csv"])


def test_generated_pictures_repeat_with_their_seed(tmp_path):
    run = Run.open(start("gan", {"epochs": 1, "hidden": 16}, folder=tmp_path)["run"])
    first = generate(run, count=6, seed=3, file=tmp_path / "grid.png")
    assert torch.equal(first, generate(run, count=6, seed=3)) and first.shape == (6, 1, 8, 8)
    with Image.open(tmp_path / "grid.png") as sheet:
        assert sheet.size[0] > 8 * 48
    with pytest.raises(TorchbookError, match="count must be 1 or more, got 0"):
        generate(run, count=0)


def test_a_grid_shows_each_picture_in_its_place():
    images = torch.full((3, 1, 4, 4), -1.0)
    images[2] = 1.0
    sheet = grid(images, columns=2, enlarge=1)
    assert sheet.size == (2 * 6 + 2, 2 * 6 + 2)
    assert sheet.getpixel((3, 3)) == 0 and sheet.getpixel((3, 9)) == 255


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.001, 0.0042), (-3.0, 1200.0), (2.3, 2.31)])
def test_axes_have_round_numbers(low, high):
    ticks = _ticks(low, high)
    assert 3 <= len(ticks) <= 9 and all(low - 1e-9 <= tick <= high + 1e-9 for tick in ticks)
    steps = {round(b - a, 9) for a, b in itertools.pairwise(ticks)}
    assert len(steps) == 1


@pytest.mark.parametrize("end", [0.0, 0.5, 1.0])
def test_names_at_the_ends_of_curves_lie_neither_on_each_other_nor_on_the_axis(end):
    curves = {f"curve {number}": ([1.0, 2.0], [1.0 - end, end + number / 1000]) for number in range(3)}
    drawing = lines(curves, x="epoch", y="loss", label="three curves")
    places = sorted(float(y) for y in re.findall(r'y="([\d.]+)" fill', drawing))
    assert len(places) == 3 and all(b - a >= 12.9 for a, b in itertools.pairwise(places))
    assert places[0] >= TOP and places[-1] <= HEIGHT - BOTTOM + 5
