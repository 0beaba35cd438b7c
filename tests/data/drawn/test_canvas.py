"""Signed distances against brute force: the nearest of many points on the edge, and whether a point is inside."""

import numpy as np
import pytest
from matplotlib.path import Path as Outline

from torchbook.data.drawn.canvas import (
    Canvas,
    box,
    chosen,
    circle,
    each,
    ellipse,
    joined,
    line,
    noise,
    palette,
    polygon,
    rgb,
    step,
    turned,
)
from torchbook.data.drawn.dice import Dice

SIZE = 40
CORNERS = ((-0.6, -0.5), (0.5, -0.7), (0.2, 0.0), (0.7, 0.6), (-0.4, 0.3))


def nearest(canvas, edge):
    """How far each pixel is from the nearest of these points."""
    gap = np.stack(np.broadcast_arrays(canvas.x, canvas.y), axis=-1)[0, :, :, None] - edge
    return np.sqrt((gap**2).sum(-1)).min(-1)


def edge_of(corners):
    t = np.linspace(0, 1, 400, endpoint=False)[:, None]
    corners = np.array(corners)
    return np.concatenate([a + t * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0))])


def test_a_polygon_is_as_far_as_its_nearest_side_and_negative_inside():
    canvas = Canvas(1, SIZE)
    x, y = np.broadcast_arrays(canvas.x, canvas.y)
    distance = polygon(x, y, CORNERS)[0]
    assert np.abs(distance) == pytest.approx(nearest(canvas, edge_of(CORNERS)), abs=2e-3)
    inside = Outline(CORNERS).contains_points(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(SIZE, SIZE)
    sure = np.abs(distance) > 1e-6
    assert np.array_equal(distance[sure] < 0, inside[sure])


def test_a_box_is_the_polygon_of_its_corners():
    canvas = Canvas(1, SIZE)
    corners = ((-0.5, -0.3), (0.5, -0.3), (0.5, 0.3), (-0.5, 0.3))
    x, y = np.broadcast_arrays(canvas.x, canvas.y)
    assert box(canvas.x, canvas.y, 0.5, 0.3) == pytest.approx(polygon(x, y, corners), abs=1e-5)


def test_a_line_of_one_width_is_that_far_from_its_segment():
    canvas = Canvas(1, SIZE)
    edge = np.array([-0.4, 0.1]) + np.linspace(0, 1, 2000)[:, None] * np.array([0.9, 0.5])
    distance = line(canvas.x, canvas.y, (-0.4, 0.1), (0.5, 0.6), 0.1, 0.1)[0]
    assert distance == pytest.approx(nearest(canvas, edge) - 0.1, abs=1e-3)


def test_an_ellipse_is_exact_at_its_edge_and_a_circle_everywhere():
    angle = np.linspace(0, 6.28, 50, dtype=np.float32)
    x, y = (0.7 * np.cos(angle))[None, None], (0.3 * np.sin(angle))[None, None]
    assert ellipse(x, y, 0.7, 0.3) == pytest.approx(np.zeros((1, 1, 50)), abs=1e-5)
    assert circle(x, y, 0.2) == pytest.approx(np.hypot(x, y) - 0.2)


@pytest.mark.parametrize("size", [8, 20, 64])
def test_what_is_covered_is_the_area_whatever_the_size(size):
    canvas = Canvas(1, size)
    covered = canvas.cover(circle(canvas.x - 0.07, canvas.y + 0.13, 0.6)).sum() * canvas.pixel**2
    assert covered == pytest.approx(np.pi * 0.36, rel=0.6 / size**1.5 + 0.001)


def test_paint_covers_with_its_colour_and_rounds_to_bytes():
    canvas = Canvas(2, 16)
    canvas.paint(circle(canvas.x, canvas.y, 0.5), palette(("ff8000", "0000ff"), np.array([0, 1])))
    canvas.paint(circle(canvas.x, canvas.y, 0.1), rgb(1, 1, 1), 0.5)
    pictures = canvas.stored()
    assert pictures[:, :, 0, 0].tolist() == [[0, 0, 0], [0, 0, 0]]
    assert pictures[:, :, 8, 5].tolist() == [[255, 128, 0], [0, 0, 255]]


def test_turning_keeps_lengths_and_goes_clockwise_on_the_screen():
    canvas = Canvas(1, 16)
    x, y = turned(canvas.x, canvas.y, 0.7)
    assert x**2 + y**2 == pytest.approx(canvas.x**2 + canvas.y**2, rel=1e-4)
    # A shape to the right of the middle turns down: y points downwards.
    x, y = turned(canvas.x, canvas.y, np.pi / 2)
    place = np.unravel_index(np.argmin(circle(x - 0.5, y, 0.1)[0]), (16, 16))
    assert place[0] > 10
    assert 6 < place[1] < 9


def test_each_picture_gets_the_shape_and_the_value_of_its_kind():
    kind = np.array([1, 0, 1, 2])
    canvas = Canvas(4, 12)
    x, y = (np.repeat(a, 4, axis=0) for a in np.broadcast_arrays(canvas.x, canvas.y))
    shapes = [lambda x, y, r=radius: circle(x, y, r) for radius in (0.2, 0.4, 0.6)]
    assert np.array_equal(chosen(kind, shapes, x, y), circle(x, y, each(kind, 0.2, 0.4, 0.6)))


def test_joined_shapes_hold_both_and_round_the_seam_only():
    canvas = Canvas(1, SIZE)
    first, second = circle(canvas.x - 0.3, canvas.y, 0.4), circle(canvas.x + 0.3, canvas.y, 0.4)
    both, sharp = joined(first, second, 0.1), np.minimum(first, second)
    assert (both <= sharp + 1e-6).all()
    assert np.array_equal(both[np.abs(first - second) > 0.1], sharp[np.abs(first - second) > 0.1])
    assert (both < sharp - 1e-3).any()


def test_noise_and_step_stay_between_0_and_1():
    hills = noise(Dice(0, np.arange(20)), 5, 33)
    assert hills.min() >= 0
    assert hills.max() <= 1
    assert hills.std() > 0.1
    # Soft: neighbours differ by little.
    assert np.abs(np.diff(hills, axis=2)).max() < 0.35
    values = np.linspace(-1, 2, 31, dtype=np.float32)[None, None]
    assert step(values, 0, 1)[0, 0, [0, 10, 15, 20, 30]] == pytest.approx([0, 0, 0.5, 1, 1], abs=1e-5)
    assert step(values, 1, 0) == pytest.approx(1 - step(values, 0, 1), abs=1e-5)
