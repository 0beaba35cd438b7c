"""A network as one small drawing: what each layer makes of an example, as boxes, columns and dots in true order.

Sizes are logarithmic: a box is as high as its maps and as thick as there are many of them, a column has a dot for each
of some of its units, and the lines between dots are weights: a positive one is drawn in the colour of its network, a
negative one in grey, the largest most strongly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

WIDTH, HEIGHT = 360, 180
_BORDER = 20
_MOST_DOTS, _MOST_BOXES = 12, 11
_LEVELS = (0.12, 0.3, 0.6)  # how strongly lines are drawn, weak ones first
_SHEAR = 0.3  # how far the top of a box leans back, of its height
# The colours of the pages; the drawing is an image there and takes nothing from them but the scheme.
STYLE = (
    "<style>.blue{--c:#0072b2}.orange{--c:#d55e00}.green{--c:#007a55}.grey,.less{--c:#8a8a96}.ink{--c:#1b1f23}"
    "path,line,rect,circle{stroke:var(--c)}path{fill:none}rect,circle,.solid{fill:var(--c)}rect.face{fill-opacity:.35}"
    ".solid{fill-opacity:.18;stroke-width:1}.side{fill-opacity:.55}image{image-rendering:pixelated}"
    "@media(prefers-color-scheme:dark){.blue{--c:#56b4e9}.orange{--c:#f0944d}.green{--c:#2fbf8f}"
    ".grey,.less{--c:#7d7d8c}.ink{--c:#e8e8ec}}</style>"
)


@dataclass(frozen=True)
class Layer:
    """What a layer gives: `[channels, height, width]` (also of a volume) or `[units]`; `weight` is that of a dense one,
    `residual` says that what came in is added to it."""

    shape: tuple[int, ...]
    weight: Tensor | None = None
    colour: str = "blue"
    residual: bool = False


def layers_of(model: nn.Module, example: Tensor, *, colour: str = "blue") -> list[Layer]:
    """Returns what the layers of a model make of one example `[1, ...]`: those that change its shape or have weights.

    What only changes values (an activation, a norm) is left out, and of many layers those between two changes of size.
    """
    layers: list[Layer] = []

    def leave(name: str, module: nn.Module, output: object) -> None:
        if name.rpartition(".")[2].startswith("residual"):
            layers[-1] = Layer(layers[-1].shape, None, colour, residual=True)
        elif isinstance(module, nn.Linear) and isinstance(output, Tensor):
            layers.append(Layer(tuple(output.shape[1:]), module.weight.detach(), colour))
        elif isinstance(output, Tensor) and output.ndim > 2:
            layers.append(Layer(tuple(output.shape[1:]), None, colour))

    hooks = [
        module.register_forward_hook(lambda module, _, output, name=name: leave(name, module, output))
        for name, module in model.named_modules()
    ]
    was_training = model.training
    try:
        with torch.no_grad():
            model.eval()(example)
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    return _shortened(layers)


def _shortened(layers: Sequence[Layer]) -> list[Layer]:
    """Returns the layers without those that keep the shape, and of very many only the last of each size."""
    changing = [
        layer
        for before, layer in zip([None, *layers], layers)
        if before is None or layer.shape != before.shape or layer.residual or layer.weight is not None
    ]
    if len(changing) <= _MOST_BOXES:
        return changing
    return [
        layer
        for layer, after in zip(changing, [*changing[1:], None])
        if after is None or layer.shape[1:] != after.shape[1:] or layer.weight is not None
    ]


def drawing(parts: Sequence[Layer | str]) -> str:
    """Returns layers in a row as SVG, `WIDTH` by `HEIGHT`; a text among them is the address of a picture that goes in
    or comes out."""
    space = WIDTH - 2 * _BORDER
    few = len(parts) < 6
    widths = [84.0 if few and isinstance(part, str) else _width(part) for part in parts]
    gap = min(72.0 if few else 42.0, (space - sum(widths)) / max(1, len(parts) - 1))
    scale = min(1.0, space / (sum(widths) + 8 * (len(parts) - 1))) if gap < 8 else 1.0
    gap = max(gap, 8 * scale)
    left = (WIDTH - sum(widths) * scale - gap * (len(parts) - 1)) / 2
    places = []
    for width in widths:
        places.append((left, width * scale))
        left += width * scale + gap
    lines, shapes = [], []
    for number, part in enumerate(parts):
        before = parts[number - 1] if number else None
        if before is not None:
            lines.append(_between(before, part, places[number - 1], places[number]))
        shapes.append(_picture(part, places[number]) if isinstance(part, str) else _shape(part, places[number]))
        if isinstance(part, Layer) and part.residual:
            shapes.append(_arc(places[number - 1], places[number], part))
    return framed("".join([*lines, *shapes]))


def framed(inside: str) -> str:
    """Returns an SVG with the colours of the pages."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"{STYLE}{inside}</svg>"
    )


def _width(part: Layer | str) -> float:
    if isinstance(part, str):
        return 56.0
    return 10.0 if len(part.shape) == 1 else 4 + 2.2 * math.log2(part.shape[0] + 1) + _SHEAR * _side(part)


def _side(layer: Layer) -> float:
    """Returns the height of a box: of maps of 1 pixel 16, of 32 pixels about 90."""
    return 16 + 15 * math.log2(max(layer.shape[1:])) if len(layer.shape) > 1 else 0.0


def _dots(layer: Layer) -> list[float]:
    """Returns the heights of the dots of a column."""
    count = min(_MOST_DOTS, layer.shape[0])
    reach = min(HEIGHT - 2 * _BORDER, 22 * math.log2(layer.shape[0] + 1))
    return [HEIGHT / 2 + reach * ((number + 0.5) / count - 0.5) for number in range(count)]


def _between(before: Layer | str, after: Layer | str, start: tuple[float, float], end: tuple[float, float]) -> str:
    """Returns the weights between two columns, or a line from one shape to the next."""
    (left, width), (ends, thick) = start, end
    if isinstance(after, str) or after.weight is None:
        return f'<path class="grey" stroke-width="1.5" d="M{left + width:.0f} {HEIGHT / 2:.0f}H{ends:.0f}"/>'
    if isinstance(before, Layer) and len(before.shape) == 1:
        return _weights(after, _dots(before), left + width / 2, ends + thick / 2)
    return _weights(after, _edge(before, width), left + width, ends + thick / 2)


def _edge(part: Layer | str, width: float) -> list[float]:
    """Returns the heights at which lines leave a picture or a box of a width."""
    half = width / 2 if isinstance(part, str) else _side(part) / 2 * 0.9
    return [HEIGHT / 2 + half * ((number + 0.5) / 4 - 1) for number in range(8)]


def _weights(layer: Layer, heights: Sequence[float], begins: float, ends: float) -> str:
    """Returns the weights of a dense layer between some of its units and some of those before, in three strengths."""
    assert layer.weight is not None
    targets = _dots(layer)
    rows = torch.linspace(0, layer.weight.shape[0] - 1, len(targets)).round().long()
    columns = torch.linspace(0, layer.weight.shape[1] - 1, len(heights)).round().long()
    chosen = layer.weight[rows][:, columns].float()
    strength = chosen.abs() / chosen.abs().max().clamp(min=1e-12)
    paths: dict[tuple[str, float], list[str]] = {}
    for i, target in enumerate(targets):
        for j, height in enumerate(heights):
            colour = layer.colour if chosen[i, j] > 0 else "less"
            level = _LEVELS[min(len(_LEVELS) - 1, int(strength[i, j] * len(_LEVELS)))]
            paths.setdefault((colour, level), []).append(f"M{begins:.0f} {height:.0f}L{ends:.0f} {target:.0f}")
    return "".join(
        f'<path class="{colour}" stroke-opacity="{level}" d="{"".join(steps)}"/>'
        for (colour, level), steps in sorted(paths.items(), key=lambda item: item[0][1])
    )


def _shape(layer: Layer, place: tuple[float, float]) -> str:
    left, width = place
    if len(layer.shape) == 1:
        dots = "".join(f'<circle cx="{left + width / 2:.1f}" cy="{y:.1f}" r="4"/>' for y in _dots(layer))
        return f'<g class="{layer.colour}" stroke="none">{dots}</g>'
    side = _side(layer)
    lean = _SHEAR * side * width / _width(layer)
    thick = width - lean
    top, bottom = HEIGHT / 2 - side / 2, HEIGHT / 2 + side / 2
    # The faces of a box that is seen from the left: the maps lie one behind the other to the right.
    face = f"M{left:.1f} {top + lean:.1f}l{lean:.1f} {-lean:.1f}V{bottom - lean:.1f}l{-lean:.1f} {lean:.1f}z"
    roof = f"M{left:.1f} {top + lean:.1f}l{lean:.1f} {-lean:.1f}h{thick:.1f}l{-lean:.1f} {lean:.1f}z"
    wall = f"M{left:.1f} {top + lean:.1f}h{thick:.1f}V{bottom:.1f}h{-thick:.1f}z"
    return (
        f'<g class="{layer.colour}"><path class="solid" d="{face}"/><path class="solid" d="{roof}"/>'
        f'<path class="solid side" d="{wall}"/></g>'
    )


def _arc(start: tuple[float, float], end: tuple[float, float], layer: Layer) -> str:
    """Returns the way of what is added again after a residual block."""
    begins, ends, height = start[0] + start[1] / 2, end[0] + end[1] / 2, HEIGHT / 2 - _side(layer) / 2 - 4
    return (
        f'<path class="orange" stroke-width="2.5" d="M{begins:.0f} {height:.0f}C{begins:.0f} {height - 34:.0f} '
        f'{ends:.0f} {height - 34:.0f} {ends:.0f} {height:.0f}"/>'
    )


def _picture(address: str, place: tuple[float, float]) -> str:
    left, width = place
    return (
        f'<image x="{left:.1f}" y="{HEIGHT / 2 - width / 2:.1f}" width="{width:.1f}" height="{width:.1f}" '
        f'href="{address}"/>'
    )
