import itertools
import re

import pytest
import torch
from PIL import Image

from torchbook import Run, TorchbookError, generate, load, predict
from torchbook.inference import load_model
from torchbook.inference.pictures import grid
from torchbook.inference.svg import BOTTOM, HEIGHT, TOP, _ticks, lines
from torchbook.recipes import start


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
