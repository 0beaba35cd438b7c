"""A `Stepper` as SVG, for static pages: every run at its end, and all losses in one plot."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from torchbook.course.pictures.still_axes import Axes, Number, drawing, image, text_element, ticks
from torchbook.png import png_address

WIDE, GAP, HEAD = 680, 16, 20
WIDE_TILES = 1056  # of small pictures, many of them, beside their losses
COLOURS = ("var(--tb-blue)", "var(--tb-orange)", "var(--tb-green)", "var(--tb-ink)")
KINDS = ("solid", "dashed", "dotted")
DASHES = ("", "stroke-dasharray:6 4", "stroke-dasharray:2 3")

Run = Mapping[str, Any]


def still(
    runs: Sequence[Run], alternative: str, *, unit: str, step: int = 0, words: Mapping[str, str] | None = None
) -> str:
    """Draws the runs, as a Stepper sends them to its page, at a step, or at their end if `step` is 0."""
    up = (words or {}).get("loss", "loss")
    cells: list[tuple[Any, Run, int]] = [
        (scene, run, number) for number, run in enumerate(runs) for scene in run["scenes"]
    ]
    several = len(runs) > 1
    trained = any(len(run["steps"]) > 1 for run in runs)
    beside = trained and len(cells) % 2 == 1  # the losses stand in the place that is left
    columns = 2 if len(cells) > 1 or beside else 1
    large = len(cells) == 1 and cells[0][0]["kind"] == "pictures"  # small ones need most of the room
    all_wide = WIDE_TILES if large and beside else WIDE
    width = (WIDE_TILES - GAP) * 0.66 if large else (WIDE - GAP) / 2
    high = 250 if len(cells) < 3 else 210
    parts, y = [], 0.0
    for start in range(0, len(cells), columns):
        row = cells[start : start + columns]
        tall = max(_height(scene, run, width, high) for scene, run, _ in row)
        for place, (scene, run, number) in enumerate(row):
            x = place * (width + GAP)
            if several:
                parts.append(text_element(run["name"], x + 4, y + 14, bold=True, colour=COLOURS[number % 4], size=14))
            parts += _scene(scene, run, _frame(run, step), (x, y + HEAD * several, width, tall), COLOURS[number % 4])
        if len(row) == 1 and beside:
            rest = all_wide - width - GAP
            parts.append(losses(runs, (width + GAP, y + HEAD * several, rest, tall), unit, step, name=up))
        y += tall + HEAD * several + 10
    if trained and not beside:
        parts.append(losses(runs, (0, y, WIDE, 190), unit, step, name=up))
        y += 200
    wide = all_wide if columns == 2 or not cells else width
    return drawing(wide, y, alternative, *parts)


def _frame(run: Run, step: int) -> int:
    """Returns the index of the last frame that is not after the step; for 0 that of the last frame of all, or of the
    first where layers are shown, which are of interest before they have learned."""
    if not step and any(scene["kind"] == "histograms" for scene in run.get("scenes", ())):
        return 0
    last = len(run["steps"]) - 1
    return max((i for i, recorded in enumerate(run["steps"]) if recorded <= step), default=0) if step else last


def _numbers(run: Run, name: str) -> list[Number]:
    return np.frombuffer(run["numbers"][name], "<f8").tolist()


def _height(scene: Mapping[str, Any], run: Run, width: Number, high: Number) -> Number:
    if scene["kind"] == "histograms":
        return max(high, 60 + 20 * run["pictures"][scene["bars"]]["shape"][0])
    if scene["kind"] != "pictures":
        return high
    shape, side, columns = _tiles(scene, run, width)
    return math.ceil(shape[0] / columns) * (side * shape[1] / shape[2] + _label_height(scene))


def _label_height(scene: Mapping[str, Any]) -> int:
    """Returns the height of the space below a picture, with its label if there are labels."""
    return 22 if scene["labels"] else 6


def _scene(
    scene: Mapping[str, Any], run: Run, frame: int, box: tuple[Number, Number, Number, Number], colour: str
) -> list[str]:
    if scene["kind"] == "pictures":
        return _pictures(scene, run, frame, box)
    if scene["kind"] == "histograms":
        return [_histograms(scene, run, frame, box, colour)]
    area = Axes(*box, view=scene["view"], across=scene["across"], up=scene["up"])
    if scene["kind"] == "field":
        area.image(_field(scene, run, frame))
        for x, y, label in zip(*scene["points"], scene["labels"]):
            area.dot(
                x, y, 7, f"fill:{'#0072b2' if label > 0 else '#b85000'};stroke:#ffffff;stroke-width:2", square=label < 0
            )
        return [area.svg()]
    if scene["kind"] == "named":
        _named(area, scene, run, frame, colour)
        return [area.svg()]
    if scene["kind"] == "contour":
        contour(area, scene, colour)
        _path(area, run, scene["path"], frame, colour)
        return [area.svg()]
    if scene["still"][0]:
        area.line(scene["still"][0], scene["still"][1], "stroke:var(--tb-quiet);stroke-width:1.8")
    if scene["curve"]:
        _curve(area, scene, run, frame, colour)
    for x, y in zip(*scene["points"]):
        area.dot(x, y, 4, "fill:var(--tb-ink);stroke:var(--tb-paper);stroke-width:1.5")
    if scene["tangent"]:
        x, y, slope = (_numbers(run, name)[frame] for name in (*scene["marker"], scene["tangent"]))
        reach = (scene["view"][1] - scene["view"][0]) / 6
        ends = [y - slope * reach, y + slope * reach]
        area.line([x - reach, x + reach], ends, "stroke:var(--tb-green);stroke-width:3;stroke-linecap:round")
    if scene["marker"]:
        _path(area, run, scene["marker"], frame, colour)
    return [area.svg()]


def contour(area: Axes, scene: Mapping[str, Any], colour: str) -> None:
    """Draws the lines of equal height of a `Contour`, as a page gets it, and its lowest place."""
    style = f"fill:{colour};fill-opacity:.06;stroke:{colour};stroke-opacity:.35;stroke-width:.8"
    for level in scene["levels"]:
        corners = np.frombuffer(level["data"], "<f4").reshape(-1, 2)
        rings = np.split(corners, np.cumsum(level["rings"])[:-1]) if len(corners) else []
        area.region([ring.tolist() for ring in rings], style)
    if scene["lowest"]:
        area.cross(*scene["lowest"])


def _field(scene: Mapping[str, Any], run: Run, frame: int) -> str:
    """Returns the scores of a frame as a small PNG, coloured by their sign, in the form of an address."""
    recorded = run["curves"][scene["scores"]]
    scores = np.frombuffer(recorded["data"], "<f4").reshape(-1, recorded["length"])[frame]
    side = math.isqrt(len(scores))
    scores = scores.reshape(side, side)[::-1, :, None]
    colours = np.where(scores > 0, [0, 114, 178], [214, 96, 10])
    strength = 24 + 170 * np.minimum(1, np.abs(scores))
    return png_address(Image.fromarray(np.concatenate([colours, strength], axis=2).astype(np.uint8)))


def _named(area: Axes, scene: Mapping[str, Any], run: Run, frame: int, colour: str) -> None:
    """Draws places with their names, and a line through some of them."""
    xs, ys = (
        np.frombuffer(run["curves"][name]["data"], "<f4").reshape(-1, len(scene["labels"]))[frame].tolist()
        for name in (scene["x"], scene["y"])
    )
    path = scene["path"]
    area.line([xs[i] for i in path], [ys[i] for i in path], "stroke:var(--tb-quiet);stroke-width:1.8")
    places = [area.at(x, y) for x, y in zip(xs, ys)]
    middle, center = (sum(values) / len(places) for values in zip(*places))
    for (x, y), label in zip(places, scene["labels"]):
        far = math.hypot(x - middle, y - center) or 1.0  # a name stands outside of its place
        across, up = x + 15 * (x - middle) / far, y + 13 * (y - center) / far + 4
        area.above.append(text_element(label, across, up, middle=True, bold=True))
    for x, y in zip(xs, ys):
        area.dot(x, y, 4, f"fill:{colour};stroke:var(--tb-paper);stroke-width:1.5")


def _histograms(
    scene: Mapping[str, Any], run: Run, frame: int, box: tuple[Number, Number, Number, Number], colour: str
) -> str:
    """Draws a row of bars for each layer, the first at the bottom, with a mark in each."""
    rows, bins = shape = run["pictures"][scene["bars"]]["shape"]
    bars = np.frombuffer(run["pictures"][scene["bars"]]["data"], np.uint8).reshape(-1, *shape)[frame] / 255
    marks = np.frombuffer(run["curves"][scene["marks"]]["data"], "<f4").reshape(-1, rows)[frame]
    low, high = scene["view"]
    area = Axes(*box, view=(low, high, 0.8, rows + 1), across=scene["across"], up=scene["up"])
    edges = np.repeat(np.linspace(low, high, bins + 1), 2).tolist()
    style = f"fill:{colour};fill-opacity:.35;stroke:{colour};stroke-width:1"
    for row in reversed(range(rows)):
        if not bars[row].any():
            x, y = area.at(low, row + 1)
            area.above.append(text_element(scene["empty"], x + 6, y - 3, bold=True, size=11))
            continue
        heights = (row + 1 + 0.9 * np.pad(np.repeat(bars[row], 2), 1)).tolist()
        area.region([list(zip(edges, heights))], style)
        if math.isfinite(marks[row]):
            area.dot(min(max(float(marks[row]), low), high), row + 1, 4, f"fill:{colour};stroke:var(--tb-paper)")
    return area.svg()


def _curve(area: Axes, scene: Mapping[str, Any], run: Run, frame: int, colour: str) -> None:
    recorded = run["curves"][scene["curve"]]
    values = np.frombuffer(recorded["data"], "<f4").reshape(-1, recorded["length"])[frame]
    if not np.isfinite(values).all():
        area.note("nothing left to draw: not numbers", colour)
        return
    if scene["errors"]:
        for x, y in zip(*scene["points"]):
            on_curve = float(np.interp(x, scene["grid"], values))
            area.line([x, x], [y, on_curve], f"stroke:{colour};stroke-width:1.5;stroke-opacity:.45")
    area.line(scene["grid"], values.tolist(), f"stroke:{colour};stroke-width:2.5")
    _, _, bottom, top = scene["view"]
    if (values < bottom).all() or (values > top).all():
        area.note("the line is outside the picture", colour)


def _path(area: Axes, run: Run, names: Sequence[str], frame: int, colour: str) -> None:
    """Draws the path of two numbers up to a frame, and a mark where they are."""
    xs, ys = (_numbers(run, name)[: frame + 1] for name in names)
    area.line(xs, ys, "stroke:var(--tb-ink);stroke-width:1.6;stroke-linejoin:round")
    for x, y in zip(xs[:80], ys[:80]):
        area.dot(x, y, 2.5, "fill:var(--tb-ink)")
    area.dot(xs[-1], ys[-1], 6, f"fill:{colour};stroke:var(--tb-paper);stroke-width:2")
    if not area.holds(xs[-1], ys[-1]):
        area.note("outside the picture" if math.isfinite(xs[-1]) else "nowhere: not a number", colour)


def losses(
    runs: Sequence[Run],
    box: tuple[Number, Number, Number, Number],
    unit: str,
    step: int,
    *,
    name: str = "loss",
    even: bool = False,
) -> str:
    """Draws the losses of all runs; the axis does not follow one that grows beyond 1000 times the first loss.

    `name` stands at the axis. What differs by more than a factor of 30 is drawn in powers of ten, unless `even`.
    """
    values = [value for run in runs for name in run["losses"] for value in _numbers(run, name) if math.isfinite(value)]
    first = [_numbers(run, run["losses"][0])[0] for run in runs]
    low, high = min(values), min(max(values), 1e200)
    if len(runs) > 1:
        high = min(high, 1000 * max(first))
    logarithmic = not even and low > 0 and high / low > 30
    factor = (high / low) ** 0.06 if logarithmic else 1
    # What is almost constant looks so.
    margin = 0.06 * (high - low) if high - low > 0.01 * abs(high) else abs(high) * 0.1 or 1
    bottom = low / factor if logarithmic else max(0.0, low - margin) if low >= 0 else low - margin
    steps = [run_step for run in runs for run_step in run["steps"]]
    view = (min(steps), max(steps), bottom, high * factor if logarithmic else high + margin)
    lines = ticks(bottom, view[3], max(2, (box[3] - 58) / 40), logarithmic=logarithmic)
    factors = {round(second / first) for first, second in itertools.pairwise(lines)} if logarithmic else set()
    up = f"{name} (each line is {factors.pop()} times the last)" if len(factors) == 1 else name
    area = Axes(*box, view=view, across=unit, up=up, logarithmic=logarithmic)
    for number, run in enumerate(runs):
        colour = COLOURS[number % 4]
        for which, loss in enumerate(run["losses"]):
            area.line(run["steps"], _numbers(run, loss), f"stroke:{colour};stroke-width:2.2;{DASHES[which % 3]}")
        at = _frame(run, step)
        area.dot(run["steps"][at], _numbers(run, run["losses"][0])[at], 4.5, f"fill:{colour};stroke:var(--tb-paper)")
    if len(runs[0]["losses"]) > 1:
        legend = ", ".join(f"{kind}: {name.replace('_', ' ')}" for kind, name in zip(KINDS, runs[0]["losses"]))
        area.above.append(text_element(legend, area.right - 6, area.top + 14, end=True, colour="var(--tb-quiet)"))
    if len(runs) == 1 and runs[0]["diverged"] is not None:
        area.note("✕ diverged", COLOURS[0])
    return area.svg()


def _tiles(scene: Mapping[str, Any], run: Run, width: Number) -> tuple[list[int], Number, int]:
    """Returns [count, height, width] of the pictures, the width at which each is shown, and the number in a row."""
    shape = list(run["pictures"][scene["name"]]["shape"])
    sides = shape[:-1] if len(shape) > 2 and shape[-1] == 3 else shape
    sides = sides if len(sides) == 3 else [1, *sides]
    columns = min(scene["columns"], sides[0])
    return sides, max(16.0, (width - 6 * (columns - 1)) // columns), columns


def _pictures(scene: Mapping[str, Any], run: Run, frame: int, box: tuple[Number, Number, Number, Number]) -> list[str]:
    recorded = run["pictures"][scene["name"]]
    sides, side, columns = _tiles(scene, run, box[2])
    high = side * sides[1] / sides[2]
    pixels = np.frombuffer(recorded["data"], np.uint8).reshape(-1, *recorded["shape"])[frame]
    parts = []
    for number, picture in enumerate(pixels.reshape(*sides, -1)):
        x, y = box[0] + number % columns * (side + 6), box[1] + number // columns * (high + _label_height(scene))
        address = png_address(Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture))
        parts.append(image(address, x, y, side, high, sharp=True))
        if number < len(scene["labels"]):
            parts.append(text_element(scene["labels"][number], x + side / 2, y + high + 13, middle=True))
    return parts
