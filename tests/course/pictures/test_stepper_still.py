"""A Stepper drawn for pages that do not move."""

import base64
import io
import re
from xml.etree import ElementTree

import pytest
import torch
from PIL import Image

from torchbook import TorchbookError
from torchbook.course.pictures.stepper import Contour, Field, Histograms, Named, Pictures, Plot, Recording, Stepper
from torchbook.course.pictures.still_axes import Axes, tick_labels, ticks

GRID = torch.linspace(0, 1, 5)
LINE = Plot("line", grid=GRID, points=([0.0, 1.0], [0.0, 1.0]), errors=True, across="x", up="y < z")
SVG = "{http://www.w3.org/2000/svg}"


def recording(rate=0.1, steps=12):
    """Descent on w²."""
    kept, w = Recording(), 1.0
    for _ in range(steps):
        tiles = torch.full((3, 4, 4), 100, dtype=torch.uint8)
        kept.add(loss=w * w, validation_loss=w * w + 1, w=w, b=w, line=w * GRID, tiles=tiles)
        w -= rate * 2 * w
    return kept


def drawn(picture):
    return ElementTree.fromstring(picture.still())


def words(svg):
    return [one.text for one in svg.iter(f"{SVG}text")]


def test_one_run_beside_its_loss():
    svg = drawn(Stepper(recording(), LINE))
    assert svg.get("width") == "680" and svg.get("aria-label").startswith("loss 1 at step 0")
    assert {"x", "y < z", "step", "solid: loss, dashed: validation loss"} <= set(words(svg))


def test_a_loss_is_called_what_the_lesson_calls_it():
    svg = drawn(Stepper(recording(), LINE, words={"loss": "share wrong"}))
    assert any(text.startswith("share wrong") for text in words(svg)) and "loss" not in words(svg)
    assert svg.get("aria-label").startswith("share wrong 1 at step 0")


def test_several_runs_have_their_names_and_one_picture_of_their_losses():
    svg = drawn(Stepper({"good": recording(), "too high": recording(1.5), "low": recording(0.001)}, LINE))
    assert {"good", "too high", "low"} <= set(words(svg))
    assert len(list(svg.iter(f"{SVG}clipPath"))) == 4  # three plots and the losses, in two rows of two
    assert len({one.get("id") for one in svg.iter(f"{SVG}clipPath")}) == 4
    assert float(svg.get("height")) < 500


def test_it_is_drawn_where_it_ended_or_at_its_step():
    ends, third = (
        drawn(Stepper(recording(), Plot(marker=("w", "loss"), view=(-1.0, 1.5, -1.0, 2.0)), step=s)) for s in (0, 2)
    )
    count = [len([one for one in svg.iter(f"{SVG}circle") if one.get("r") == "2.5"]) for svg in (ends, third)]
    assert count == [12, 3]


def test_the_same_picture_is_the_same_text():
    assert Stepper(recording(), LINE).still() == Stepper(recording(), LINE).still()


def test_a_tangent_touches_the_curve_at_the_marker():
    made, w = Recording(), 1.5
    for _ in range(4):
        made.add(loss=w * w, w=w, slope=2 * w)
        w *= 0.5
    weights = torch.linspace(-3, 3, 31)
    plot = Plot(still=(weights, weights**2), marker=("w", "loss"), tangent="slope", view=(-3.0, 3.0, 0.0, 9.0))
    svg = Stepper(made, plot, step=1).still()
    [(x, y, u, v)] = re.findall(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"[^>]*tb-green', svg)
    [(a, b)] = re.findall(r'cx="([\d.]+)" cy="([\d.]+)" r="6"', svg)
    assert (float(x) + float(u)) / 2 == pytest.approx(float(a), abs=0.11)
    assert (float(y) + float(v)) / 2 == pytest.approx(float(b), abs=0.11)
    with pytest.raises(TorchbookError, match="the tangent slope needs a marker"):
        Stepper(made, Plot(still=(weights, weights**2), tangent="slope"))


def test_what_diverged_is_told():
    kept = recording(30.0, steps=400)
    svg = drawn(Stepper(kept, LINE))
    assert "nothing left to draw: not numbers" in words(svg) and "✕ diverged" in words(svg)
    far = drawn(Stepper(recording(1.5, steps=6), Plot(marker=("w", "loss"), view=(-1.0, 1.5, -1.0, 2.0))))
    assert "outside the picture" in words(far)


def test_pictures_with_their_labels():
    svg = drawn(Stepper(recording(), Pictures("tiles", columns=2, labels=["one", "two", "three"])))
    images = list(svg.iter(f"{SVG}image"))
    assert len(images) == 3 and all(one.get("href").startswith("data:image/png;base64,") for one in images)
    labels = [one for one in svg.iter(f"{SVG}text") if one.text in ("one", "two", "three")]
    bottoms = [float(image.get("y")) + float(image.get("height")) for image in images]
    assert all(float(label.get("y")) > bottom for label, bottom in zip(labels, bottoms))
    assert float(labels[0].get("y")) < float(images[2].get("y"))


def test_pictures_alone_are_larger_than_their_losses():
    svg = drawn(Stepper(recording(), Pictures("tiles", columns=5)))
    assert all(float(image.get("width")) > 120 for image in svg.iter(f"{SVG}image"))
    assert svg.get("width") == "1056"


def test_a_path_over_a_contour():
    heights = torch.linspace(0, 1, 6)[:, None] ** 2 + torch.linspace(0, 1, 5)[None] ** 2
    scene = Contour(heights, torch.linspace(0, 1, 5), torch.linspace(0, 1, 6), ("w", "b"), lowest=(0.0, 0.0), lines=4)
    svg = drawn(Stepper(recording(), scene))
    assert len([one for one in svg.iter(f"{SVG}path") if one.get("fill-rule") == "evenodd"]) == 4


def test_a_field_is_blue_where_the_score_is_positive_and_stands_upright():
    kept = Recording()
    kept.add(loss=1.0, scores=[-1.0, -0.5, 0.5, 1.0])  # row by row from the bottom
    field = Field("scores", ([0.0, 1.0], [0.0, 1.0]), [-1.0, 1.0], (0.0, 1.0, 0.0, 1.0), across="x", up="y")
    svg = drawn(Stepper(kept, field))
    (image,) = svg.iter(f"{SVG}image")
    picture = Image.open(io.BytesIO(base64.b64decode(image.get("href").partition(",")[2])))
    blue = [red < 100 for red, _, _, _ in (picture.getpixel((x, y)) for y in (0, 1) for x in (0, 1))]
    assert blue == [True, True, False, False]  # the top row first
    assert picture.getpixel((1, 0))[3] > picture.getpixel((0, 0))[3]  # stronger where the score is larger
    assert len([dot for dot in svg.iter(f"{SVG}circle") if dot.get("r") == "7"]) == 1
    assert len([dot for dot in svg.iter(f"{SVG}rect") if dot.get("width") == "12"]) == 1  # square, as on the page


def test_one_step_has_no_curve_of_losses():
    svg = drawn(Stepper(recording(steps=1), LINE))
    assert "step" not in words(svg) and float(svg.get("width")) < 400


def test_nothing_but_losses():
    assert "step" in words(drawn(Stepper(recording())))


def test_ticks_are_round_numbers_or_powers():
    assert ticks(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert ticks(-0.3, 0.31, 4) == pytest.approx([-0.2, 0, 0.2])
    assert ticks(0.5, 2000, 5, logarithmic=True) == [1, 10, 100, 1000]
    labels = ["0", "−0.25", "1230", "1e5", "2.5e−4", "−3e−7"]
    assert tick_labels((0, -0.25, 1234.0, 1e5, 2.5e-4, -3e-7)) == labels


def test_labels_of_ticks_differ():
    assert tick_labels([12.33, 12.34, 12.35]) == ["12.33", "12.34", "12.35"]
    assert tick_labels([1.25e6, 1.26e6]) == ["1.25e6", "1.26e6"]


def test_losses_that_are_almost_constant_look_so():
    constant = Recording()
    for step in range(5):
        constant.add(loss=0.7 + 1e-6 * step)
    svg = drawn(Stepper(constant))
    [heights] = [
        [float(height) for height in re.findall(r"[ML]\S+ ([\d.]+)", path.get("d"))]
        for path in svg.iter(f"{SVG}path")
        if "stroke-width:2.2" in path.get("style", "")
    ]
    assert max(heights) - min(heights) < 1
    labels = [text for text in words(svg) if text and text.startswith("0.")]
    assert len(labels) == len(set(labels)) >= 2


def test_data_are_placed_and_lines_are_broken_at_what_is_no_number():
    area = Axes(0, 0, 146 + 16, 130, view=(0, 10, 0, 1))
    assert area.at(0, 0) == (46, 108) and area.at(10, 1) == (146, 8)
    area.line([0, 1, 2, 3], [0, float("nan"), 1, float("inf")], "")
    assert len(re.findall("M", area.inside[0])) == 2 and "L" not in area.inside[0]
    area.dot(float("nan"), 0, 3, "")
    assert len(area.inside) == 1 and area.above == []


def test_places_have_their_names_and_a_line():
    kept = Recording()
    for step in range(3):
        kept.add(loss=1.0, x=[0.0, 1.0, 2.0], y=[0.0, float(step), 0.0])
    scene = Named("x", "y", ("Jan", "Feb", "Mar"), view=(-1.0, 3.0, -1.0, 3.0), path=(2, 0))
    svg = drawn(Stepper(kept, scene))
    assert {"Jan", "Feb", "Mar"} <= set(words(svg))
    places = {one.text: (float(one.get("x")), float(one.get("y"))) for one in svg.iter(f"{SVG}text")}
    assert places["Jan"][1] == places["Mar"][1] > places["Feb"][1]  # up is less in SVG
    assert places["Jan"][0] < places["Feb"][0] < places["Mar"][0]


def test_each_place_needs_a_name():
    kept = Recording()
    kept.add(loss=1.0, x=[0.0, 1.0], y=[0.0, 1.0])
    with pytest.raises(TorchbookError, match="x has 2 values, expected one for each of 3 labels"):
        Stepper(kept, Named("x", "y", ("a", "b", "c"), view=(0.0, 1.0, 0.0, 1.0)))


def test_layers_have_histograms_and_marks():
    kept = Recording()
    kept.add(loss=1.0, bars=torch.tensor([[0, 255, 128], [0, 0, 0]], dtype=torch.uint8), marks=[-1.0, float("nan")])
    svg = drawn(Stepper(kept, Histograms("bars", "marks", view=(-3.0, 0.0))))
    (hill,) = (path for path in svg.iter(f"{SVG}path") if "fill-opacity" in path.get("style"))
    heights = sorted({float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", hill.get("d"))})
    assert len(heights) == 3  # the foot and two bars
    assert (heights[2] - heights[1]) / (heights[2] - heights[0]) == pytest.approx(128 / 255, abs=0.01)
    assert "all 0" in words(svg)
    assert len(list(svg.iter(f"{SVG}circle"))) == 1


def test_each_histogram_needs_a_mark():
    kept = Recording()
    kept.add(loss=1.0, bars=torch.zeros(2, 5, dtype=torch.uint8), marks=[1.0])
    with pytest.raises(
        TorchbookError, match=r"bars must be uint8 \[rows, bins\] and marks \[rows\], got uint8 \[2, 5\]"
    ):
        Stepper(kept, Histograms("bars", "marks", view=(0.0, 1.0)))
